/** The little of sql.js, which comes without types, that is used here. */
declare module 'sql.js' {
  interface Database {
    exec(query: string): { columns: string[]; values: unknown[][] }[];
    export(): Uint8Array;
    close(): void;
  }
  export default function initSqlJs(): Promise<{ Database: new (file?: Uint8Array) => Database }>;
}
