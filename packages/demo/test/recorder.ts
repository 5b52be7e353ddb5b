import type { Output } from '../src/progress.js';

/** An output that keeps what is written to it. */
export class Recorder implements Output {
  readonly isTTY: boolean;
  text = '';

  constructor(isTTY = false) {
    this.isTTY = isTTY;
  }

  write(text: string): void {
    this.text += text;
  }
}
