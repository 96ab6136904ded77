/** Every screen on a phone: what can be read and reached. */
import { openScreens, testScreens } from './screens.ts';
import { PHONE } from './stage.ts';

testScreens(openScreens(), PHONE);
