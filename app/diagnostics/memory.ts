/** How long visitors are really remembered. */
export interface Memory {
  /** Of whom something was heard within the last 28 days. */
  visitors: number;
  /** Of those, who were heard of on more than one day. */
  returning: number;
  /** From the first word of a returning visitor to the last: the median and the longest, whole days; null: nobody returned. */
  median: number | null;
  longest: number | null;
}
