/** How a station keeps files. */
export interface FileOptions {
  /** Bytes of one file. */
  readonly maxBytes: number;
  /** Days that a file is kept after its last upload. Avatars stay. */
  readonly days: number;
  /** Bytes kept for one user, avatars included. A file counts as whole blocks of 4 KiB. */
  readonly bytesPerUser: number;
  /** Bytes kept in all, in such blocks: users can be made up, so the quotas of each bound nothing. */
  readonly totalBytes: number;
  /** Uploads of one user at once. */
  readonly uploadsPerUser: number;
  /** Uploads and downloads at once, in all. One address may have half of them. */
  readonly transfers: number;
  /** Seconds without a byte after which a transfer is given up. */
  readonly idleSeconds: number;
  /** Seconds that one upload may take. */
  readonly uploadSeconds: number;
  /** Whether anybody may upload in anybody's name, as with the existing file servers. */
  readonly openUploads: boolean;
  /** What the URLs of files begin with, as in `https://files.example.org`; the requested host when absent. */
  readonly url?: string;
}

export const defaultFileOptions: FileOptions = {
  maxBytes: 16_777_216,
  days: 49,
  bytesPerUser: 1_073_741_824,
  totalBytes: 17_179_869_184,
  uploadsPerUser: 8,
  transfers: 512,
  idleSeconds: 60,
  uploadSeconds: 900,
  openUploads: false,
};
