import { LoaderCircle, type IconNode } from 'lucide';
import type { ButtonHTMLAttributes, ComponentChildren, VNode } from 'preact';
import styles from './button.module.css';
import { Icon } from './icon.tsx';

export type ButtonKind = 'primary' | 'plain' | 'quiet' | 'danger';

interface Look {
  kind?: ButtonKind;
  isSmall?: boolean;
  icon?: IconNode;
  /** Shows that its work is under way; it cannot be pressed again meanwhile. */
  isBusy?: boolean;
}

type NativeButton = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'icon' | 'class' | 'size'>;

export interface ButtonProps extends NativeButton, Look {
  children: ComponentChildren;
}

/** A button with a text. `type` is `button` unless it is told otherwise, so that none submits a form by accident. */
export function Button({ kind, isSmall, icon, isBusy, children, disabled, ...rest }: ButtonProps): VNode {
  const shown = isBusy === true ? LoaderCircle : icon;
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled === true || isBusy === true}
      aria-busy={isBusy === true}
      class={classOf({ kind, isSmall, isBusy })}
    >
      {shown !== undefined && <Icon node={shown} size={isSmall === true ? 16 : 18} />}
      {children}
    </button>
  );
}

export interface IconButtonProps extends NativeButton, Look {
  icon: IconNode;
  /** Its name for screen readers, also shown when it is pointed at. */
  label: string;
}

/** A button that shows an icon only. */
export function IconButton({
  kind = 'quiet',
  isSmall,
  icon,
  isBusy,
  label,
  disabled,
  ...rest
}: IconButtonProps): VNode {
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      title={label}
      disabled={disabled === true || isBusy === true}
      class={`${classOf({ kind, isSmall, isBusy })} ${styles['iconOnly']}`}
    >
      <Icon node={isBusy === true ? LoaderCircle : icon} size={isSmall === true ? 16 : 18} />
    </button>
  );
}

/** A link that looks like a button. */
export function ButtonLink({
  kind,
  isSmall,
  icon,
  children,
  ...rest
}: Look & { href: string; download?: string | boolean; target?: string; children: ComponentChildren }): VNode {
  return (
    <a {...rest} class={classOf({ kind, isSmall })}>
      {icon !== undefined && <Icon node={icon} size={isSmall === true ? 16 : 18} />}
      {children}
    </a>
  );
}

function classOf({ kind = 'plain', isSmall, isBusy }: Look): string {
  const { button, small, busy } = styles;
  return [button, styles[kind], isSmall === true && small, isBusy === true && busy].filter(Boolean).join(' ');
}
