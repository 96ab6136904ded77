/** Before all tests: the relay serves what `build/` holds, so it must be of these sources. */
import { buildIfChanged } from '../../../scripts/build.mjs';

export default async function buildApp(): Promise<void> {
	await buildIfChanged(process.execPath);
}
