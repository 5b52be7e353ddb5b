import { answerParent } from './program.js';
import { programs } from './programs.js';

answerParent(programs);
