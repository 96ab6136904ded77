/** The gallery is built once for all its tests: builds that run at one time disturb each other's words. */
import { rm } from 'node:fs/promises';
import type { TestProject } from 'vitest/node';
import { buildGallery } from './open.ts';

declare module 'vitest' {
	interface ProvidedContext {
		/** Folder of the built gallery. */
		readonly gallery: string;
	}
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
	const folder = await buildGallery();
	project.provide('gallery', folder);
	return () => rm(folder, { recursive: true });
}
