/** Every screen on a desktop: what can be read and reached. */
import { openScreens, testScreens } from './screens.ts';
import { DESKTOP } from './stage.ts';

testScreens(openScreens(), DESKTOP);
