namespace Swarm.Core.Diagnostics;

/// <summary>An error whose message has several lines, and was made of clean words: cleaning it as a whole would run the lines together.</summary>
internal interface ICleanMessage;
