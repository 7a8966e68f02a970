using NUnit.Framework.Interfaces;

namespace Swarm.Core.Diagnostics;

/// <summary>Fails the test after which the watch over the whole run has found the secret.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class NoSecretIsRepeatedAttribute : Attribute, ITestAction
{
    public ActionTargets Targets => ActionTargets.Test;

    public void BeforeTest(ITest test)
    {
    }

    public void AfterTest(ITest test) => SecretWatch.Current?.TakeLeaks().Should().BeEmpty("no secret may be repeated");
}
