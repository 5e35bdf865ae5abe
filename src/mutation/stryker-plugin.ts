/** The Stryker plugin: the catalogue as its test runner, the reporter of files, and the filter of ignored code. */
import { declareClassPlugin, declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';
import { CatalogueRunner } from './catalogue-runner.js';
import { FileReporter } from './file-reporter.js';
import { untyped } from './untyped.js';

export const strykerPlugins = [
  declareClassPlugin(PluginKind.TestRunner, 'catalogue', CatalogueRunner),
  declareClassPlugin(PluginKind.Reporter, 'file', FileReporter),
  declareValuePlugin(PluginKind.Ignore, 'untyped', untyped),
];
