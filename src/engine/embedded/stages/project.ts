import type { StageDefinition } from '../pipeline.ts';
import { shapingStage } from '../shaping.ts';

export const stage: StageDefinition = shapingStage('$project');
