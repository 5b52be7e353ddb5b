import type { Transceiver } from '@dimp/core';
import type { Facebook } from './default-facebook.js';
import type { Ended, Work, WorkPorts, Works } from './work.js';

const ended: Ended = { saved: Promise.resolve() };

/** Works without a store: ports are changed at once, one by one. */
export class DirectWorks implements Works {
  readonly ports: WorkPorts;
  // the Facebook tells of what came by itself
  onArrived: Works['onArrived'] = () => undefined;
  readonly #work: Work;

  constructor(facebook: Facebook, transceiver: Transceiver, ports: WorkPorts) {
    this.ports = ports;
    this.#work = {
      ...ports,
      facebook,
      transceiver,
      isDirect: true,
      whenShown: action => action(),
      whenSaved: action => action(),
      whenLost: () => undefined,
      end: async () => ended,
      abandon: async () => ended,
    };
  }

  async begin(): Promise<Work> {
    return this.#work;
  }

  async idle(): Promise<void> {}
}
