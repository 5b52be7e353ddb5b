import type { ProcessorFactory } from './processor.js';
import { refusingProcessor, silentProcessor } from './processors/default.js';
import { forwardProcessor } from './processors/forward.js';
import {
  expelProcessor,
  inviteProcessor,
  queryProcessor,
  quitProcessor,
  resetProcessor,
} from './processors/group.js';
import { metaProcessor } from './processors/meta.js';
import { profileProcessor } from './processors/profile.js';

const protocolProcessors = (): readonly ProcessorFactory[] => [
  metaProcessor(),
  profileProcessor(),
  queryProcessor(),
  inviteProcessor(),
  expelProcessor(),
  quitProcessor(),
  resetProcessor(),
  forwardProcessor(),
];

/** What an application starts from: everything that the protocol answers, and silence to what people read. */
export function defaultProcessors(): readonly ProcessorFactory[] {
  return [...protocolProcessors(), silentProcessor()];
}

/** Answers word for word as v1.md 13: what has no processor is refused with a text. For tests against peers. */
export function referenceProcessors(): readonly ProcessorFactory[] {
  return [...protocolProcessors(), refusingProcessor()];
}
