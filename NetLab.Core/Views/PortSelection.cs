namespace NetLab.Core.Views;

/// <summary>Which connections views show, by their ports.</summary>
public sealed class PortSelection
{
    private readonly ushort[] _ports;
    private readonly bool _isOnly;

    private PortSelection(bool isOnly, ushort[] ports) => (_isOnly, _ports) = (isOnly, ports);

    /// <summary>Every connection.</summary>
    public static PortSelection All { get; } = new(false, []);

    /// <summary>The port whose connections alone are shown; null where that is not so.</summary>
    public ushort? Port => _isOnly ? _ports[0] : null;

    /// <summary>Connections with this port at either end.</summary>
    public static PortSelection Only(ushort port) => new(true, [port]);

    /// <summary>Connections without any of these ports.</summary>
    public static PortSelection Except(IEnumerable<ushort> ports) => new(false, [.. ports]);

    /// <summary>Whether connections between these ends are shown.</summary>
    public bool Takes(in FourTuple tuple) => (_ports.AsSpan().Contains(tuple.Local.Port) || _ports.AsSpan().Contains(tuple.Remote.Port)) == _isOnly;
}
