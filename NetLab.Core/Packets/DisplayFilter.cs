namespace NetLab.Core.Packets;

/// <summary>What is wrong with a display filter, and where.</summary>
/// <param name="Column">The column that the mistake begins at, from 1.</param>
/// <param name="Message">What was found and what could stand there: one plain sentence.</param>
public readonly record struct DisplayFilterError(int Column, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"column {Column}: {Message}";
}

/// <summary>
/// A filter in the common part of Wireshark's display language, compiled once: comparisons (<c>==</c> <c>!=</c> <c>&lt;</c> <c>&gt;</c>
/// <c>&lt;=</c> <c>&gt;=</c>, or <c>eq</c> …), <c>contains</c>, <c>in {a, b, 1..9}</c>, <c>&amp;&amp;</c> <c>||</c> <c>!</c> (or the words), parentheses, CIDR, and a bare
/// protocol or field for "present". A comparison holds if any value of the field makes it hold; <c>!=</c> holds if the field is
/// there and all its values differ, as in Wireshark 4. Each packet is dissected only as far up as the filter asks.
/// </summary>
public sealed class DisplayFilter
{
    private readonly FilterNode _root;
    private readonly FieldSelection _selection;

    private DisplayFilter(string text, FilterNode root, FieldSelection selection)
    {
        Text = text;
        _root = root;
        _selection = selection;
    }

    /// <summary>The filter as it was written.</summary>
    public string Text { get; }

    /// <summary>How far up a packet must be dissected for this filter.</summary>
    public DissectionScope Scope => _selection.Scope;

    /// <summary>Whether a frame must bring its <see cref="Frame.Context"/>.</summary>
    public bool NeedsHistory => _selection.NeedsHistory;

    /// <summary>Whether that context must have an analysis of the TCP streams.</summary>
    public bool NeedsAnalysis => _selection.NeedsAnalysis;

    /// <summary>Compiles a filter; an empty one matches everything.</summary>
    /// <returns>False with <paramref name="error"/> where the text is no filter.</returns>
    public static bool TryCompile(string text, out DisplayFilter? filter, out DisplayFilterError error)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parser = new DisplayFilterParser(text);
        var root = parser.Parse();
        error = parser.Error ?? default;
        filter = root is null ? null : new DisplayFilter(text, root, new FieldSelection([.. parser.Fields]));
        return root is not null;
    }

    /// <summary>Whether a frame matches. <paramref name="scratch"/> is overwritten; pass the same one again to allocate nothing.</summary>
    public bool Matches(in Frame frame, Dissection scratch)
    {
        ArgumentNullException.ThrowIfNull(scratch);
        Dissector.Dissect(frame, scratch, _selection);
        return _root.Matches(scratch, frame.Bytes);
    }

    /// <summary>Whether a frame that is dissected already, at least as far as <see cref="Scope"/>, matches.</summary>
    public bool Matches(Dissection dissection, ReadOnlySpan<byte> frame) => _root.Matches(dissection, frame);

    /// <inheritdoc/>
    public override string ToString() => Text;
}
