/** What Stryker loads: the catalogue as its test runner, and the reporter of the score. */
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import { CatalogueRunner } from './catalogue-runner.js';
import { ScoreReporter } from './score-reporter.js';

export const strykerPlugins = [
  declareClassPlugin(PluginKind.TestRunner, 'catalogue', CatalogueRunner),
  declareClassPlugin(PluginKind.Reporter, 'score', ScoreReporter),
];
