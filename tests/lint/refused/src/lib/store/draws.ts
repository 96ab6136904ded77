// expect: defms/import-table
import { mount } from 'svelte';

export const show = mount;
