namespace NetLab.Core.Kernel;

/// <summary>Which connections to watch: those with one of the ports at either end, or all.</summary>
/// <param name="ports">The ports; none for all.</param>
public sealed class PortFilter(params IEnumerable<ushort> ports)
{
    private readonly HashSet<ushort> _ports = [.. ports];

    /// <summary>Every connection.</summary>
    public static PortFilter All { get; } = new();

    /// <summary>Whether nothing is left out.</summary>
    public bool IsAll => _ports.Count == 0;

    /// <summary>Whether a connection with these two ports is watched.</summary>
    public bool Matches(ushort local, ushort remote) => IsAll || _ports.Contains(local) || _ports.Contains(remote);

    /// <summary>The filter in the kernel's words; null for all, and for more ports than it takes.</summary>
    internal string? Expression(string local, string remote) =>
        _ports.Count is 0 or > 64 ? null : string.Join(" || ", _ports.Select(port => $"{local} == {port} || {remote} == {port}"));
}
