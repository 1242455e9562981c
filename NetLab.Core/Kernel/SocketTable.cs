using NetLab.Core.Interop;

namespace NetLab.Core.Kernel;

/// <summary>
/// The kernel's table of TCP and UDP sockets with their owners, sampled when asked: by sock_diag, else from /proc/net. It uses the same memory for every
/// sample. For one thread at a time.
/// </summary>
public sealed class SocketTable : IDisposable
{
    private readonly SocketKinds _kinds;
    private readonly PortFilter _ports;
    private readonly SocketOwners _owners;
    private readonly SocketRows _rows = new();
    private SockDiag? _diag;

    /// <summary>An empty table.</summary>
    /// <param name="names">Where process names are kept.</param>
    /// <param name="kinds">Which protocols.</param>
    /// <param name="ports">Which ports.</param>
    public SocketTable(NameTable names, SocketKinds kinds, PortFilter ports)
    {
        (_kinds, _ports, _owners) = (kinds, ports, new SocketOwners(names));
        _diag = SockDiag.Open(out int error);
        if (_diag is null)
            Degrade(error);
    }

    /// <summary>The rows of the newest sample; valid until the next.</summary>
    public ReadOnlySpan<SocketRow> Rows => _rows.Span;

    /// <summary>When the newest sample was taken.</summary>
    public Timestamp Time { get; private set; }

    /// <summary>Why the table says less than it could; null when nothing is missing.</summary>
    public Obstacle? Obstacle { get; private set; }

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
        _rows.Clear();
        Time = KernelClock.Now;
        if (_diag is not null && _diag.Dump(_kinds, _ports, _rows) is not 0 and var error)
        {
            _diag.Dispose();
            _diag = null;
            _rows.Clear();
            Degrade(error);
        }

        if (_diag is null)
            ProcNet.Dump(_kinds, _ports, _rows);
        _owners.Fill(_rows.Span, Time);
    }

    /// <inheritdoc/>
    public void Dispose() => _diag?.Dispose();

    private void Degrade(int error) => Obstacle = KernelObstacle.From(
        "The socket table is read from /proc/net, without round-trip times and byte counts, because sock_diag was refused", error) with
    {
        Remedy = "sudo modprobe -a tcp_diag udp_diag",
    };
}
