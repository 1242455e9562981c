using NetLab.Core.Interop;

namespace NetLab.Core.Kernel;

/// <summary>
/// The kernel's table of TCP and UDP sockets with their owners, sampled when asked: by sock_diag, else from /proc/net. It uses the same memory for every
/// sample. For one thread at a time.
/// </summary>
public sealed class SocketTable : IDisposable
{
    private readonly SocketDump _dump;
    private readonly SocketOwners _owners;
    private readonly SocketRows _rows = new();

    /// <summary>An empty table.</summary>
    /// <param name="names">Where process names are kept.</param>
    /// <param name="kinds">Which protocols.</param>
    /// <param name="ports">Which ports.</param>
    public SocketTable(NameTable names, SocketKinds kinds, PortFilter ports)
        : this(names, new SocketQuery { Kinds = kinds, Ports = ports })
    {
    }

    /// <summary>An empty table.</summary>
    /// <param name="names">Where process names are kept.</param>
    /// <param name="query">Which sockets.</param>
    public SocketTable(NameTable names, SocketQuery query) => (_dump, _owners) = (new SocketDump(query), new SocketOwners(names));

    /// <summary>The rows of the newest sample; valid until the next.</summary>
    public ReadOnlySpan<SocketRow> Rows => _rows.Span;

    /// <summary>When the newest sample was taken.</summary>
    public Timestamp Time { get; private set; }

    /// <summary>Why the table says less than it could; null when nothing is missing.</summary>
    public Obstacle? Obstacle => _dump.Obstacle;

    /// <summary>One sample, for a command that prints it.</summary>
    public static SocketTable Snapshot(NameTable names, SocketKinds kinds, PortFilter ports)
    {
        var table = new SocketTable(names, kinds, ports);
        table.Refresh();
        return table;
    }

    /// <summary>Takes a new sample.</summary>
    public void Refresh()
    {
        Time = KernelClock.Now;
        _dump.Refresh(_rows);
        _owners.Fill(_rows.Span, Time);
    }

    /// <inheritdoc/>
    public void Dispose() => _dump.Dispose();
}
