/** What a front that is held against ours is started with. */
export interface FrontSettings {
  /** Of its database: file:… or postgresql://… */
  url: string;
  /** Webhooks are signed with it. */
  secret: string;
  shop: string;
}
