/** How many tries are under way in this process, in all and to each host. */
export class TryCount {
  private readonly hosts = new Map<string, number>();
  private all = 0;

  get total(): number {
    return this.all;
  }

  of(host: string): number {
    return this.hosts.get(host) ?? 0;
  }

  begin(host: string): void {
    this.hosts.set(host, this.of(host) + 1);
    this.all += 1;
  }

  end(host: string): void {
    const left = this.of(host) - 1;
    if (left > 0) this.hosts.set(host, left);
    else this.hosts.delete(host);
    this.all -= 1;
  }

  /** Hosts with tries under way, and how many each, as two arrays of one length. */
  byHost(): { hosts: string[]; counts: number[] } {
    return { hosts: [...this.hosts.keys()], counts: [...this.hosts.values()] };
  }

  /** Hosts with at least so many. */
  hostsWith(tries: number): string[] {
    return [...this.hosts].filter(([, count]) => count >= tries).map(([host]) => host);
  }
}
