/**
 * The port to files that a pack keeps: below the pack's prefix of a bucket, or in a folder of this machine. Keys are of the
 * pack's own, contents are streams, and every write may say what must hold for it.
 */
import type { Readable } from 'node:stream';
import type { Scope } from '../../../contracts/scopes.ts';

/** What is known of an object without reading it. */
export interface ObjectFacts {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Another one for each write. Opaque: compare it, or hand it back as `ifMatch`. */
  readonly etag: string;
  readonly writtenAt: Date;
}

export interface OpenObject extends ObjectFacts {
  readonly contentType: string;
  /** To be read to its end or destroyed: until then it holds a connection or a file. */
  readonly body: Readable;
}

/** RFC 9110 13.1: what must hold for a write. */
export interface PutOptions {
  /** Default `application/octet-stream`. */
  readonly contentType?: string;
  /** Only if there is no such object. */
  readonly ifNoneMatch?: '*';
  /** Only if the object still has this etag. */
  readonly ifMatch?: string;
}

/** Text or bytes, whole or as they are made. What is streamed is never held whole. */
export type ObjectBody = string | Uint8Array | AsyncIterable<string | Uint8Array>;

export interface ObjectPage {
  /** In the order of their keys. */
  readonly items: readonly ObjectFacts[];
  /** Present when there may be more. */
  readonly cursor?: string;
}

/** Who may follow a link, once they are signed in: the one person it was made for, or whoever holds a scope of the pack. */
export type LinkReaders = { readonly person: string } | { readonly scope: Scope };

export interface LinkOptions {
  readonly readers: LinkReaders;
  /** Seconds until it ends, 60 to 2,592,000 (30 days). Default 86,400. */
  readonly seconds?: number;
  /** What the file is called when it is saved. Default: the last part of the key. */
  readonly fileName?: string;
}

export interface ObjectLink {
  /** A page of this service: whoever opens it signs in first. */
  readonly url: string;
  /** ISO time. The link does not end before, whatever credentials the service has, unless the object is removed. */
  readonly expiresAt: string;
}

/**
 * Keys are up to 400 letters, digits and . _ = - in parts between slashes. No part begins with a dot. Every verb rejects with
 * `invalid_input` for any other key, and with `store_unavailable` when the bucket or folder does not answer.
 * @example
 * const written = await objects.put(`reports/${id}.csv`, csv(columns, rows), { contentType: csvType, ifNoneMatch: '*' });
 * if (written === undefined) throw new CountersignError('conflict', 'There is such a report already.');
 * const { url, expiresAt } = await objects.link(written.key, { readers: { scope: 'tag:read' } });
 */
export interface Objects {
  /** Writes it whole or not at all. Undefined, and nothing written, where a condition does not hold. */
  put(key: string, body: ObjectBody, options?: PutOptions): Promise<ObjectFacts | undefined>;
  /** Undefined when there is none. */
  get(key: string): Promise<OpenObject | undefined>;
  /** Undefined when there is none. */
  head(key: string): Promise<ObjectFacts | undefined>;
  /**
   * Objects of one folder and those below it.
   * @param folder ends with a slash; empty for all
   * @param page at most `limit` (1 to 1000, default 100), after `cursor`
   */
  list(folder: string, page?: { readonly limit?: number; readonly cursor?: string }): Promise<ObjectPage>;
  /** Also when there is none. */
  remove(key: string): Promise<void>;
  /** A download link. It does not look whether there is such an object; following it does. */
  link(key: string, options: LinkOptions): Promise<ObjectLink>;
}

/** A bucket or a folder, for whoever opens it. */
export interface ObjectEngine extends Omit<Objects, 'link'> {
  /** An address of the object that is good for a minute and leads past the service; undefined where there is no such. */
  handOver(key: string, fileName: string): Promise<string | undefined>;
  close(): void;
}
