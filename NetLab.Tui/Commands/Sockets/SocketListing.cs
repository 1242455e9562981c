using NetLab.Core.Kernel;

namespace NetLab.Tui.Commands;

/// <summary>What is printed: a table, which of its rows, and who holds them.</summary>
/// <param name="rows">The table.</param>
/// <param name="shown">The places of the rows that are shown, in order.</param>
/// <param name="holders">Who holds the sockets.</param>
internal readonly ref struct SocketListing(ReadOnlySpan<SocketRow> rows, ReadOnlySpan<int> shown, SocketHolders holders)
{
    private readonly ReadOnlySpan<SocketRow> _rows = rows;
    private readonly ReadOnlySpan<int> _shown = shown;

    /// <summary>How many rows are shown.</summary>
    public int Count => _shown.Length;

    /// <summary>Who holds the sockets.</summary>
    public SocketHolders Holders { get; } = holders;

    /// <summary>A row that is shown, from 0.</summary>
    public ref readonly SocketRow this[int index] => ref _rows[_shown[index]];

    /// <summary>The first ones.</summary>
    public SocketListing Take(int count) => new(_rows, _shown[..Math.Min(count, _shown.Length)], Holders);
}
