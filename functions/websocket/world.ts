import type { Identity } from '#shared/identity/authenticate.ts';
import type { Post } from '#shared/realtime/post.ts';
import type { Table } from '#shared/table/table.ts';

/** What the socket's routes work with. */
export interface SocketWorld {
  readonly table: Table;
  readonly now: () => Date;
  readonly origins: readonly string[];
  readonly identity: Identity;
  readonly post: Post;
}
