namespace NetLab.Tests.EndToEnd;

/// <summary>Tests of the real program: the kernel's trace is one for the machine, so nothing runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class EndToEndCollection
{
    public const string Name = "end to end";
}
