import { join } from 'node:path';
import type { HostWeights } from '@rounz/core/model/weights.ts';
import { obtainMember, type PackageMember } from './source-package.ts';
import { readStateDict } from './torch-file.ts';

/** facesdk 0.0.8 (MIT), which nobody maintains any more. */
export const FACESDK: PackageMember = {
  name: 'facesdk',
  version: '0.0.8',
  sha256: 'f62b607459ebc49773fcf238296c8b313c2df3f8355ab345aba5a76275cd7195',
  member: 'facesdk-0.0.8/facesdk/model.pt',
  file: join(import.meta.dirname, '../../.cache/teachers/facesdk-0.0.8.tar.gz'),
};

/**
 * MobileFaceNet's weights by their names, out of the package.
 *
 * @throws Error as `obtainMember`
 */
export async function obtainMobileFaceNet(source: PackageMember = FACESDK): Promise<HostWeights> {
  return readStateDict(await obtainMember(source), source.member);
}
