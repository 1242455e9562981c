using NetLab.Core.Dns;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.Panes;

/// <summary>The query and the answer of one step, taken apart.</summary>
internal sealed class DnsMessagePart : AnatomyPart
{
    private const int Query = 0, Answer = 1;
    private DnsWalkStep? _step;

    /// <summary>What the bytes are of: "answer 56".</summary>
    public string Caption => Tree.Chosen < 0 ? "" : string.Create(null, $"{Name(Chosen.Source)} {Bytes.Length}");

    /// <summary>Shows the messages of a step; null for none.</summary>
    public void Show(DnsWalkStep? step)
    {
        if (ReferenceEquals(step, _step))
            return;
        _step = step;
        Clear();
        // The answer is what one looks for; the query is mostly known.
        if (step is { Answer.IsEmpty: false })
            Add(Answer, TreeOpening.Open);
        if (step is { Query.IsEmpty: false })
            Add(Query, TreeOpening.Closed);
        ShowPieces();
        FollowTree();
    }

    protected override ReadOnlySpan<byte> BytesOf(int source) => _step is null ? default : (source == Answer ? _step.Answer : _step.Query).Span;

    private static string Name(int source) => source == Answer ? "answer" : "query";

    private void Add(int source, TreeOpening opening)
    {
        var octets = BytesOf(source);
        string what = Name(source);
        Add(new AnatomyPiece(source, 0, octets.Length, $"{what}, {octets.Length} bytes", IsHead: true), what, 0, opening);
        var lines = DnsAnatomy.Of(octets);
        for (int index = 0; index < lines.Count; index++)
        {
            var line = lines[index];
            bool isSection = line.Depth == 0 && line.Length == 0;
            // A section's bytes are those of all its fields.
            int end = line.Offset + line.Length;
            for (int inner = index + 1; isSection && inner < lines.Count && lines[inner].Depth > 0; inner++)
                end = Math.Max(end, lines[inner].Offset + lines[inner].Length);
            string text = !isSection ? line.Meaning : line.Meaning == "header" ? Header(lines, index) : Record(lines, index);
            Add(new AnatomyPiece(source, line.Offset, end - line.Offset, text, IsHead: isSection), (what, line.Meaning, line.Depth), 1 + line.Depth, TreeOpening.Closed);
        }
    }

    // Closed, a part says the most of what it holds.
    private static string Header(IReadOnlyList<DnsAnatomyLine> lines, int index) =>
        index + 2 < lines.Count ? $"header: {lines[index + 2].Meaning.Replace("opcode 0, ", "", StringComparison.Ordinal)}" : "header";

    private static string Record(IReadOnlyList<DnsAnatomyLine> lines, int index)
    {
        var parts = new List<string>();
        for (int inner = index + 1; inner < lines.Count && lines[inner].Depth > 0; inner++)
            parts.Add(lines[inner].Meaning);
        string Of(string start) => parts.Find(part => part.StartsWith(start, StringComparison.Ordinal))?[start.Length..] ?? "";
        return $"{lines[index].Meaning.Replace(" record", "", StringComparison.Ordinal)}: {(Of("owner ") + Of("name ")).Replace(" (compressed)", "", StringComparison.Ordinal)} {Of("type ")}"
            + $"{(parts.Count > 5 ? $" {parts[^1]}" : "")}";
    }
}
