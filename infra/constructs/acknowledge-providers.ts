import type { Construct } from 'constructs';

export function acknowledgeProviders(_scope: Construct): void {}
