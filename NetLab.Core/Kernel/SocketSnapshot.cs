using NetLab.Core.Interop;

namespace NetLab.Core.Kernel;

/// <summary>
/// The sockets of one moment and who holds them, for a command that prints them: one dump, and the descriptors of every process read once, when they are asked
/// for. <see cref="Refresh"/> uses the same memory again. For one thread.
/// </summary>
public sealed class SocketSnapshot : IDisposable
{
    private readonly SocketDump _dump;
    private readonly SocketRows _rows = new();

    /// <summary>The moment before the first <see cref="Refresh"/>: no rows.</summary>
    public SocketSnapshot(SocketQuery query) => _dump = new SocketDump(query);

    /// <summary>The rows; valid until the next <see cref="Refresh"/>. Their owners are in <see cref="Holders"/>.</summary>
    public ReadOnlySpan<SocketRow> Rows => _rows.Span;

    /// <summary>Who holds them, as of the last <see cref="FindHolders"/>.</summary>
    public SocketHolders Holders { get; } = new();

    /// <summary>When the rows were read.</summary>
    public Timestamp Time { get; private set; }

    /// <summary>Why the rows tell less than they could; null when nothing is missing.</summary>
    public Obstacle? Obstacle => _dump.Obstacle;

    /// <summary>Reads the rows of this moment; nobody holds them yet.</summary>
    public void Refresh()
    {
        Time = KernelClock.Now;
        _dump.Refresh(_rows);
        Holders.Clear();
    }

    /// <summary>Looks who holds the sockets.</summary>
    public void FindHolders() => Holders.Refresh();

    /// <inheritdoc/>
    public void Dispose() => _dump.Dispose();
}
