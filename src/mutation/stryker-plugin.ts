/** What Stryker loads: the catalogue as its test runner, the reporter of the score, and what it is not to change. */
import { declareClassPlugin, declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';
import { CatalogueRunner } from './catalogue-runner.js';
import { ScoreReporter } from './score-reporter.js';
import { untyped } from './untyped.js';

export const strykerPlugins = [
  declareClassPlugin(PluginKind.TestRunner, 'catalogue', CatalogueRunner),
  declareClassPlugin(PluginKind.Reporter, 'score', ScoreReporter),
  declareValuePlugin(PluginKind.Ignore, 'untyped', untyped),
];
