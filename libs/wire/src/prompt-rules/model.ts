import { readOrigin, type Origin, type RuleNode } from './rule-node.js';

/** A column of the compatibility tables: versions that are alike, or video. */
export interface Model extends Origin {
  name: string;
  /** Versions of Midjourney's own bot, and of Niji, that it is for; none: it is no model of pictures. */
  versions: readonly number[];
  niji: readonly number[];
  /** Whether `::` parts its prompts; sources may disagree. */
  multiPrompt: 'yes' | 'no' | 'disputed';
  /** Of its versions of style references those that take codes; absent: all. */
  stylesOfCodes?: readonly number[];
  /** The widest ratio it draws, to 1; absent: any. */
  mostRatio?: number;
}

export interface Models {
  all: readonly Model[];
  /** Most pictures and style references of a prompt. */
  most: Origin & { pictures: number; styleReferences: number };
}

/** @throws RuleError */
export function readModels(file: RuleNode): Models {
  const most = file.only('models', 'most').at('most').only('pictures', 'styleReferences', 'source', 'checked');
  return {
    all: file.at('models').list(readModel),
    most: {
      pictures: most.at('pictures').number(),
      styleReferences: most.at('styleReferences').number(),
      ...readOrigin(most),
    },
  };
}

function readModel(node: RuleNode): Model {
  node.only('name', 'versions', 'niji', 'multiPrompt', 'stylesOfCodes', 'mostRatio', 'source', 'checked');
  const numbers = (list: RuleNode): number[] => list.list((each) => each.number());
  const stylesOfCodes = node.maybe('stylesOfCodes', numbers);
  const mostRatio = node.maybe('mostRatio', (each) => each.number());
  return {
    name: node.at('name').text(),
    versions: node.maybe('versions', numbers) ?? [],
    niji: node.maybe('niji', numbers) ?? [],
    multiPrompt: node.at('multiPrompt').word(['yes', 'no', 'disputed']),
    ...(stylesOfCodes === undefined ? {} : { stylesOfCodes }),
    ...(mostRatio === undefined ? {} : { mostRatio }),
    ...readOrigin(node),
  };
}
