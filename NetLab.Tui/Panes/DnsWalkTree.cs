using NetLab.Core.Dns;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.Panes;

/// <summary>A walk as a tree from the root down: a row a question, one deeper where a server referred to the next, and the records found at its end.</summary>
internal sealed class DnsWalkTree
{
    private const int TimeColumns = 9;
    private readonly List<(int Step, DnsRecord? Record)> _nodes = [];
    private DnsWalkStep[] _steps = [];
    private DnsWalk? _walk;
    private int _version = -1;
    private bool _moved;

    /// <summary>Which branches are open, and the chosen row.</summary>
    public TreeState Tree { get; } = new();

    /// <summary>The step that is chosen; null for none.</summary>
    public DnsWalkStep? Chosen => Tree.Chosen < 0 ? null : _steps[_nodes[Tree.Chosen].Step];

    /// <summary>Says that the user has chosen: the choice follows the walk no longer.</summary>
    public void Moved() => _moved = true;

    /// <summary>Shows a walk as far as it has come.</summary>
    public void Show(DnsWalk? walk)
    {
        if (ReferenceEquals(walk, _walk) && walk?.Version == _version)
            return;
        _moved &= ReferenceEquals(walk, _walk);
        (_walk, _version) = (walk, walk?.Version ?? -1);
        _steps = walk?.Steps ?? [];
        _nodes.Clear();
        var tree = new List<TreeNode>();
        for (int index = 0; index < _steps.Length; index++)
        {
            var step = _steps[index];
            _nodes.Add((index, null));
            tree.Add(new TreeNode((walk, index, -1), step.Level, TreeOpening.Open));
            if (step.Outcome is not (DnsWalkOutcome.Answered or DnsWalkOutcome.Alias) || !DnsMessage.TryDecode(step.Answer.Span, out var message, out _))
                continue;
            for (int place = 0; place < message.Answers.Length; place++)
            {
                _nodes.Add((index, message.Answers[place]));
                tree.Add(new TreeNode((walk, index, place), step.Level + 1));
            }
        }

        Tree.Show(tree.ToArray());
        // While it goes on, and at its end, the last question is what one looks at.
        int last = _nodes.FindLastIndex(node => node.Record is null && _steps[node.Step].Outcome != DnsWalkOutcome.Turn);
        if (!_moved && last >= 0)
            Tree.Reveal(last);
    }

    /// <summary>Draws the rows that show.</summary>
    public void Draw(Canvas canvas, Style selection) => Widgets.Tree.Draw(canvas, Tree, DrawLabel, Theme.Faint, selection);

    private void DrawLabel(int node, Canvas canvas)
    {
        var (index, record) = _nodes[node];
        var step = _steps[index];
        if (record is not null)
        {
            canvas.WriteField(0, 0, canvas.Width, Alignment.Left, Theme.Done,
                EventText.Printable($"{record.Name} {record.TimeToLive} {DnsType.ToText(record.Type)} {record.Data}"));
            return;
        }

        if (step.Outcome == DnsWalkOutcome.Turn)
        {
            canvas.WriteField(0, 0, canvas.Width, Alignment.Left, Theme.Now, EventText.Printable($"↪ {step.Says}"));
            return;
        }

        var (sign, style) = Sign(step.Outcome);
        int x = canvas.Write(0, 0, style, sign) + 1;
        x = canvas.Write(x, 0, Theme.Title, EventText.Printable(step.Zone.ToString())) + 1;
        int room = Math.Max(0, canvas.Width - x - TimeColumns - 1);
        string address = $"@{step.Address.Address}{(step.Carrier == DnsCarrier.Stream ? " tcp" : "")}";
        canvas.WriteField(x, 0, Math.Min(room, address.Length), Alignment.Left, Theme.Faint, address);
        int end = x + Math.Min(room, address.Length) + 1;
        if (end < x + room)
            canvas.WriteField(end, 0, x + room - end, Alignment.Left, IsWrong(step.Outcome) ? style : Theme.Text, EventText.Printable(step.Says));
        if (step.Outcome != DnsWalkOutcome.Waiting)
            canvas.WriteField(canvas.Width - TimeColumns, 0, TimeColumns, Alignment.Right, Theme.Faint, step.Took.ToString());
    }

    private static bool IsWrong(DnsWalkOutcome outcome) => outcome is DnsWalkOutcome.Lame or DnsWalkOutcome.Failed;

    private static (string Sign, Style Style) Sign(DnsWalkOutcome outcome) => outcome switch
    {
        DnsWalkOutcome.Waiting => ("…", Theme.Waiting),
        DnsWalkOutcome.Referred => ("↓", Theme.Faint),
        DnsWalkOutcome.Answered => ("✓", Theme.Done),
        DnsWalkOutcome.Alias => ("↪", Theme.Now),
        DnsWalkOutcome.NoData or DnsWalkOutcome.NoSuchName => ("∅", Theme.Waiting),
        _ => ("✗", Theme.Failed),
    };
}
