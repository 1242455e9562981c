using NetLab.Core;
using NetLab.Core.Tcp;

namespace NetLab.Tui.Commands;

/// <summary>A change of state, as far as a filter looks at it.</summary>
/// <param name="Tuple">Its end's addresses.</param>
/// <param name="ProcessId">Its process, or 0.</param>
/// <param name="Process">That process's name.</param>
/// <param name="From">The old state.</param>
/// <param name="To">The new state.</param>
internal readonly record struct StateFact(FourTuple Tuple, int ProcessId, string Process, TcpState From, TcpState To);

/// <summary>
/// Which changes of state are shown: <c>port 8000</c>, <c>host 127.0.0.1</c>, <c>:8000</c>, <c>127.0.0.1:8000</c>, <c>pid 4711</c>, <c>process python3</c>,
/// <c>state TIME_WAIT</c>, joined by <c>and</c>, <c>or</c>, <c>not</c> and parentheses; <c>local</c> or <c>remote</c> before an endpoint means that side alone.
/// </summary>
internal abstract record StateFilter
{
    private const int MostPorts = 64;

    /// <summary>Everything.</summary>
    public static StateFilter All { get; } = new Everything();

    /// <summary>Whether a change is shown.</summary>
    public abstract bool Matches(in StateFact fact);

    /// <summary>Ports of which a change that is shown must have one, so that the kernel can leave the others out; null where it may have any.</summary>
    public abstract IReadOnlyList<ushort>? NecessaryPorts { get; }

    /// <summary>Both.</summary>
    public static StateFilter And(StateFilter left, StateFilter right) => new Both(left, right);

    /// <summary>Which ends of a connection an endpoint is looked for at.</summary>
    [Flags]
    internal enum Sides
    {
        /// <summary>This one's.</summary>
        Local = 1,

        /// <summary>Its peer's.</summary>
        Remote = 2,

        /// <summary>Either.</summary>
        Any = Local | Remote,
    }

    private sealed record Everything : StateFilter
    {
        public override IReadOnlyList<ushort>? NecessaryPorts => null;

        public override bool Matches(in StateFact fact) => true;
    }

    internal sealed record Both(StateFilter Left, StateFilter Right) : StateFilter
    {
        public override IReadOnlyList<ushort>? NecessaryPorts => Left.NecessaryPorts ?? Right.NecessaryPorts;

        public override bool Matches(in StateFact fact) => Left.Matches(fact) && Right.Matches(fact);
    }

    internal sealed record One(StateFilter Left, StateFilter Right) : StateFilter
    {
        public override IReadOnlyList<ushort>? NecessaryPorts =>
            Left.NecessaryPorts is { } left && Right.NecessaryPorts is { } right && left.Count + right.Count <= MostPorts ? [.. left, .. right] : null;

        public override bool Matches(in StateFact fact) => Left.Matches(fact) || Right.Matches(fact);
    }

    internal sealed record Not(StateFilter Inner) : StateFilter
    {
        public override IReadOnlyList<ushort>? NecessaryPorts => null;

        public override bool Matches(in StateFact fact) => !Inner.Matches(fact);
    }

    internal sealed record At(Sides Where, IpAddress[]? Hosts, PortSet? Ports) : StateFilter
    {
        public override IReadOnlyList<ushort>? NecessaryPorts => Ports?.Enumerate(MostPorts);

        public override bool Matches(in StateFact fact) =>
            (Where.HasFlag(Sides.Local) && Fits(fact.Tuple.Local)) || (Where.HasFlag(Sides.Remote) && Fits(fact.Tuple.Remote));

        private bool Fits(Endpoint endpoint) =>
            (Hosts is null || Array.IndexOf(Hosts, endpoint.Address) >= 0) && (Ports is null || Ports.Contains(endpoint.Port));
    }

    internal sealed record OfProcess(int Id) : StateFilter
    {
        public override IReadOnlyList<ushort>? NecessaryPorts => null;

        public override bool Matches(in StateFact fact) => fact.ProcessId == Id;
    }

    internal sealed record Named(string Name) : StateFilter
    {
        public override IReadOnlyList<ushort>? NecessaryPorts => null;

        public override bool Matches(in StateFact fact) => fact.Process.StartsWith(Name, StringComparison.Ordinal);
    }

    internal sealed record Through(TcpState State) : StateFilter
    {
        public override IReadOnlyList<ushort>? NecessaryPorts => null;

        public override bool Matches(in StateFact fact) => fact.From == State || fact.To == State;
    }
}
