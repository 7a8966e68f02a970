namespace Swarm.Core.Engines.Contract;

/// <summary>Names a trait of engines in the table of them.</summary>
/// <param name="text">What an engine does, in words that a yes, a no or a value can follow.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class EngineFeatureAttribute(string text) : Attribute
{
    public string Text => text;
}
