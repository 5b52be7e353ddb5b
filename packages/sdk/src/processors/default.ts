import { type Content, createText, isCommand } from '@dimp/dkd';
import { type ProcessorFactory, silence } from '../processor.js';

/**
 * Answers what nothing else is for with a text that says so, word for word as peers do (v1.md 13). A text that
 * is itself such an answer gets none, else two programs would talk for ever.
 */
export function refusingProcessor(): ProcessorFactory {
  return () => ({
    kinds: ['*'],
    async process(content) {
      if (content.kind === 'text' && isDefaultAnswer(content.text)) return silence;
      return { answers: [createText(defaultAnswer(content), content.group ? { group: content.group } : {})] };
    },
  });
}

/** Says nothing to what nothing else is for: people read it, or nobody does. */
export function silentProcessor(): ProcessorFactory {
  return () => ({ kinds: ['*'], process: async () => silence });
}

function defaultAnswer(content: Content): string {
  return isCommand(content)
    ? `Command (name: ${content.command}) not support yet!`
    : `Content (type: ${content.type}) not support yet!`;
}

function isDefaultAnswer(text: string): boolean {
  return /^(Content \(type: .*\)|Command \(name: .*\)) not support yet!$/s.test(text);
}
