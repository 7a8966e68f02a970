using Swarm.Core.Diagnostics;

[assembly: NoSecretIsRepeated]
