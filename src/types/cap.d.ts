/** The part of `cap` 0.2 that this program uses; the package brings no types. CommonJS: the module is the default export. */
declare module 'cap' {
  export interface Capture {
    /** Gives the link type: `ETHERNET`, `LINKTYPE_LINUX_SLL`, ... Once per instance. */
    open(device: string, filter: string, ringOctets: number, into: Buffer): string;
    /** Puts the first `length` octets on the wire. A segmentation fault before `open` and after `close`. */
    send(frame: Buffer, length: number): void;
    close(): boolean;
    on(event: 'packet', listener: (length: number, truncated: boolean) => void): this;
  }
  const cap: { readonly Cap: new () => Capture };
  export default cap;
}
