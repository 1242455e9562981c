using System.Globalization;
using NetLab.Core;
using NetLab.Core.Dns;
using NetLab.Core.Packets;
using NetLab.Core.Peers;
using NetLab.Core.Session;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.Panes;

/// <summary>
/// The DNS tab: the walk to a name as a tree from the root down, the chosen question's messages taken apart beside their bytes, the packets that carried them,
/// and what the session remembers, its seconds running.
/// </summary>
public sealed partial class DnsPane : Pane
{
    private enum Part
    {
        Walk,
        Message,
        Bytes,
    }

    // From here on the cache has a column of its own.
    private const int WideColumns = 110, CacheColumns = 44;
    private static readonly Style s_resting = new(default, Color.Rgb(0x26, 0x2D, 0x36));

    private readonly DnsWalkTree _tree = new();
    private readonly DnsMessagePart _message = new();
    private readonly ListState _questions = new() { GrowsAtEnd = false };
    private readonly List<(Part Part, Rectangle Place)> _placed = [];
    private DnsWalk? _walk;
    private Part _part;
    private bool _showsQuestions;
    private bool _showsCache;
    private bool _hasLab;
    private int _cacheTop;
    private int _questionRows = 1;
    private Rectangle _origin;

    /// <inheritdoc/>
    public override string Title => "dns";

    // The Lab's experiment is none of its business: r and Space mean nothing here.
    /// <inheritdoc/>
    public override bool IsOfRun => false;

    /// <inheritdoc/>
    public override string Note(PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var dns = context.Lab.Dns;
        return dns.HasLab ? string.Create(CultureInfo.InvariantCulture, $"from the lab's root {DnsLab.Root}:{dns.Port}") : "from the real root";
    }

    /// <inheritdoc/>
    public override Duration? Tick(PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return _walk is null ? null : _walk.Ended is null || IsFresh(context.Now) ? Duration.FromMilliseconds(50) : Duration.FromSeconds(1);
    }

    // The packets of the last step come a little after its answer.
    private bool IsFresh(Timestamp now) => _walk?.Ended is { } ended && now < ended + Duration.FromMilliseconds(300);

    /// <inheritdoc/>
    public override void Draw(Canvas canvas, PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _placed.Clear();
        _origin = canvas.OnScreen;
        var dns = context.Lab.Dns;
        dns.Packets.Advance(context.Now);
        if (_walk is null || _showsQuestions)
        {
            DrawQuestions(canvas, dns);
            return;
        }

        _tree.Show(_walk);
        var step = _tree.Chosen;
        _message.Show(step);
        DrawHead(canvas.Slice(new Rectangle(0, 0, canvas.Width, 1)), _walk, context.Now);
        var packets = step is null ? [] : dns.Packets.Of(step);
        int below = Math.Clamp(packets.Count, 1, Math.Max(2, canvas.Height / 6));
        var rows = Layout.Rows(canvas.Bounds with { Y = 1, Height = canvas.Height - 1 }, Extent.Part(44), Extent.Fixed(1), Extent.Fill(), Extent.Fixed(1 + below));
        bool isWide = canvas.Width >= WideColumns;
        int width = isWide ? canvas.Width - CacheColumns - 1 : canvas.Width;
        Place(Part.Walk, canvas.Slice(rows[0] with { Width = width }));
        _tree.Draw(canvas.Slice(rows[0] with { Width = width }), _part == Part.Walk ? Theme.Selection : s_resting);
        if (isWide)
        {
            canvas.Vertical(width, rows[0].Y, rows[0].Height, Theme.Border);
            DrawCache(canvas.Slice(rows[0] with { X = width + 1, Width = CacheColumns }), dns.Cache, context.Now);
        }

        if (_showsCache && !isWide)
        {
            Rule(canvas, rows[1].Y, "cache", false);
            DrawCache(canvas.Slice(rows[2]), dns.Cache, context.Now);
        }
        else
        {
            DrawMessage(canvas, rows[1].Y, rows[2], step);
        }

        Rule(canvas, rows[3].Y, packets.Count == 0 ? "packets" : string.Create(CultureInfo.InvariantCulture, $"packets {packets.Count}"), false);
        DrawPackets(canvas.Slice(rows[3] with { Y = rows[3].Y + 1, Height = below }), packets, step, context);
    }

    private static void DrawHead(Canvas canvas, DnsWalk walk, Timestamp now)
    {
        int x = canvas.Write(1, 0, Theme.Title, EventText.Printable($"{walk.Question.Name} {DnsType.ToText(walk.Question.Type)}")) + 2;
        int asked = walk.Steps.Count(step => step.Outcome != DnsWalkOutcome.Turn);
        var took = (walk.Ended ?? now) - walk.Begun;
        string figures = string.Create(CultureInfo.InvariantCulture, $"{asked} question{(asked == 1 ? "" : "s")}, {took}");
        canvas.WriteField(Math.Max(x, canvas.Width - figures.Length - 1), 0, figures.Length, Alignment.Right, Theme.Faint, figures);
        var (text, style) = walk.Ended is null ? ("… walking", Theme.Waiting) : walk.IsFound ? ($"✓ {walk.Verdict}", Theme.Done) : ($"✗ {walk.Verdict}", Theme.Failed);
        canvas.WriteField(x, 0, Math.Max(0, canvas.Width - x - figures.Length - 3), Alignment.Left, style, EventText.Printable(text));
    }

    private void DrawMessage(Canvas canvas, int rule, Rectangle area, DnsWalkStep? step)
    {
        int bytes = canvas.Width >= WideColumns ? 64 : canvas.Width >= 74 ? 36 : 0;
        int left = bytes == 0 ? area.Width : area.Width - bytes - 1;
        Rule(canvas, rule, "message", _part == Part.Message);
        if (bytes > 0)
        {
            canvas.Write(left, rule, Theme.Border, "┬");
            canvas.Vertical(left, area.Y, area.Height, Theme.Border);
            Caption(canvas, left + 2, rule, _message.HasMessage ? _message.Caption : "bytes", _part == Part.Bytes);
        }

        var parts = canvas.Slice(area with { Width = left });
        if (!_message.HasMessage)
        {
            parts.Write(1, 0, Theme.Faint, step?.Outcome switch { DnsWalkOutcome.Turn => "Here another name is looked for.", DnsWalkOutcome.Waiting => "…", _ => "No answer came." });
            return;
        }

        if (bytes == 0 && _part == Part.Bytes)
        {
            Place(Part.Bytes, parts);
            _message.DrawBytes(parts, isActive: true);
            return;
        }

        Place(Part.Message, parts);
        _message.DrawParts(parts, _part == Part.Message ? Theme.Selection : s_resting);
        if (bytes == 0)
            return;
        var hex = canvas.Slice(area with { X = left + 2, Width = bytes - 1 });
        Place(Part.Bytes, hex);
        _message.DrawBytes(hex, _part == Part.Bytes);
    }

    private static void DrawPackets(Canvas canvas, IReadOnlyList<PortPacket> packets, DnsWalkStep? step, PaneContext context)
    {
        if (packets.Count == 0)
        {
            string why = step is null or { Outcome: DnsWalkOutcome.Turn } ? "" : context.Lab.Instruments.PacketObstacle is { } obstacle ? EventText.Printable(obstacle.ToString())
                : step.Address.Address.IsLoopback ? "No packet of it was captured." : "Packets are captured on lo alone.";
            canvas.Write(1, 0, Theme.Faint, why);
            return;
        }

        Span<byte> text = stackalloc byte[1024];
        for (int row = 0; row < Math.Min(canvas.Height, packets.Count); row++)
        {
            var packet = packets[row];
            var frame = new Core.Packets.Frame(packet.Link, packet.Bytes.Span, packet.WireLength) { Time = packet.Time };
            int length = TcpdumpLine.Write(frame, 0, 0, text);
            int x = canvas.Write(1, row, Theme.Faint, $"{(packet.Time - packets[0].Time).ToString(),9} ");
            canvas.Write(x + 1, row, Theme.Text, text[..length]);
        }
    }

    private void DrawCache(Canvas canvas, DnsCache cache, Timestamp now)
    {
        var records = cache.Now(now);
        string count = string.Create(CultureInfo.InvariantCulture, $"remembered: {records.Length}");
        canvas.WriteField(1, 0, canvas.Width - 1, Alignment.Left, Theme.Heading, count);
        int rows = Math.Max(0, canvas.Height - 1);
        _cacheTop = Math.Clamp(_cacheTop, 0, Math.Max(0, records.Length - rows));
        for (int row = 0; row < Math.Min(rows, records.Length - _cacheTop); row++)
        {
            var entry = records[_cacheTop + row];
            canvas.WriteField(0, row + 1, 6, Alignment.Right, entry.SecondsLeft(now) < 10 ? Theme.Waiting : Theme.Faint, entry.SecondsLeft(now).ToString(CultureInfo.InvariantCulture));
            canvas.WriteField(7, row + 1, canvas.Width - 7, Alignment.Left, Theme.Text, EventText.Printable($"{entry.Record.Name} {DnsType.ToText(entry.Record.Type)} {entry.Record.Data}"));
        }
    }

    private void DrawQuestions(Canvas canvas, DnsSession dns)
    {
        string[] lines = dns.HasLab
            ? ["The lab's tree runs on this machine. Enter asks what is chosen, / any name."]
            : ["A name's way from the root: type one with / (www.example.org MX).", "Without a network, t starts a small tree of names on this machine, some of it broken."];
        for (int line = 0; line < lines.Length; line++)
            Paragraph.Draw(canvas.Slice(new Rectangle(1, 3 * line, canvas.Width - 2, 2)), dns.HasLab ? Theme.Faint : Theme.Text, lines[line]);
        _hasLab = dns.HasLab;
        if (!dns.HasLab)
            return;
        var area = canvas.Slice(new Rectangle(0, 2, canvas.Width, Math.Max(1, canvas.Height - 2)));
        _questionRows = area.Height;
        int count = DnsLab.Questions.Count, columns = DnsLab.Questions.Max(question => question.Name.Length) + 2;
        if (_questions.Selected < 0)
            _questions.Select(0, count);
        _questions.Show(_questions.Selected, count, area.Height);
        for (int row = 0; row < area.Height && _questions.Top + row < count; row++)
        {
            var question = DnsLab.Questions[_questions.Top + row];
            bool isChosen = _questions.Top + row == _questions.Selected;
            area.Write(1, row, isChosen ? Theme.Now : Theme.Faint, isChosen ? "›" : " ");
            area.WriteField(3, row, columns, Alignment.Left, Theme.Title, question.Name);
            area.WriteField(3 + columns, row, 5, Alignment.Left, Theme.Text, question.Type);
            area.WriteField(9 + columns, row, Math.Max(0, area.Width - columns - 9), Alignment.Left, Theme.Faint, question.Shows);
            if (isChosen)
                area.Overlay(new Rectangle(0, row, area.Width, 1), Theme.Selection);
        }
    }

    private static void Rule(Canvas canvas, int y, string caption, bool isActive)
    {
        canvas.Horizontal(0, y, canvas.Width, Theme.Border);
        Caption(canvas, 1, y, caption, isActive);
    }

    private static void Caption(Canvas canvas, int x, int y, string caption, bool isActive) =>
        canvas.Write(x, y, isActive ? Theme.BorderLit.Bold : Theme.Faint, $" {(isActive ? "▸ " : "")}{caption} ");

    // Where it lies, in the pane's own coordinates, for the mouse.
    private void Place(Part part, Canvas canvas) =>
        _placed.Add((part, canvas.OnScreen with { X = canvas.OnScreen.X - _origin.X, Y = canvas.OnScreen.Y - _origin.Y }));
}
