using System.Globalization;
using NetLab.Core;
using NetLab.Core.Http;
using NetLab.Core.Peers;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.Panes;

/// <summary>The HTTP tab: the steps of a request with their times, and its URL, request and response taken apart beside their bytes.</summary>
public sealed partial class HttpPane : Pane
{
    private enum Part
    {
        Parts,
        Bytes,
        Packets,
    }

    private static readonly Duration s_frame = Duration.FromMilliseconds(50), s_settling = Duration.FromMilliseconds(300);
    private static readonly Style s_resting = new(default, Color.Rgb(0x26, 0x2D, 0x36));
    private static readonly string[] s_hints =
    [
        "A request over HTTP, step by step: type its URL with / (http://127.0.0.1:8000/).",
        "A method may stand before it, a body behind it: POST http://127.0.0.1:8000/ a=b",
        "With n a server of your own is started to be asked: the kind http serves the files of a folder.",
    ];

    private readonly HttpMessagePart _message = new();
    private readonly List<(Part Part, Rectangle Place)> _placed = [];
    private HttpRun? _run;
    private (HttpRun? Run, Timestamp Seen) _ended;
    private HttpHop? _hop;
    private Part _part;
    private bool _choseHop, _follows;
    private Rectangle _origin;

    /// <inheritdoc/>
    public override string Title => "http";

    // The Lab's experiment is none of its business: r and Space mean nothing here.
    /// <inheritdoc/>
    public override bool IsOfRun => false;

    /// <inheritdoc/>
    public override string Note(PaneContext context)
    {
        Follow();
        string follows = _follows ? "redirects are followed" : "";
        if (_run is not { Hops.Length: > 1 } || _hop is null)
            return follows;
        return string.Create(CultureInfo.InvariantCulture, $"request {_run.Hops.IndexOf(_hop) + 1} of {_run.Hops.Length}{(follows.Length > 0 ? $", {follows}" : "")}");
    }

    /// <inheritdoc/>
    public override Duration? Tick(PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (_run is null)
            return null;
        // Its end must be drawn, too, and the last packets come a little after it.
        if (_run.IsEnded && _ended.Run != _run)
            _ended = (_run, context.Now);
        return !_run.IsEnded || context.Now < _ended.Seen + s_settling ? s_frame : null;
    }

    /// <inheritdoc/>
    public override void Draw(Canvas canvas, PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _placed.Clear();
        _origin = canvas.OnScreen;
        Follow();
        if (_hop is null)
        {
            int row = 0;
            foreach (string hint in _run?.Obstacle is { } obstacle ? [EventText.Printable(obstacle)] : s_hints)
                row += 1 + Paragraph.Draw(canvas.Slice(new Rectangle(1, row, canvas.Width - 2, canvas.Height - row)), Theme.Text, hint);
            return;
        }

        _message.Show(_hop);
        context.Lab.Http.Packets.Advance(context.Now);
        DrawHead(canvas.Slice(new Rectangle(0, 0, canvas.Width, 1)), _hop, context.Now);
        int steps = _hop.Url.Scheme == "https" ? 7 : 6;
        DrawSteps(canvas.Slice(new Rectangle(0, 1, canvas.Width, steps)), _hop, context.Now);
        int rule = steps + 1;
        // What went wrong stands whole below, what a part is for fits a line.
        string? wrong = _hop.Failure ?? (_run?.Hops[^1] == _hop ? _run.Obstacle : null);
        int below = wrong is null ? 1 : 2;
        var area = new Rectangle(0, rule + 1, canvas.Width, Math.Max(1, canvas.Height - rule - 1 - below));
        if (_part == Part.Packets)
            DrawPackets(canvas, rule, area, _hop, context);
        else
            DrawMessage(canvas, rule, area);
        var foot = canvas.Slice(new Rectangle(1, canvas.Height - below, canvas.Width - 2, below));
        Paragraph.Draw(foot, wrong is null ? Theme.Faint : Theme.Failed, EventText.Printable(wrong ?? _message.Purpose));
    }

    // The last hop is what one looks at, until another was chosen.
    private void Follow()
    {
        if (_run is { Hops: [.., var last] } && !_choseHop)
            _hop = last;
    }

    private void DrawHead(Canvas canvas, HttpHop hop, Timestamp now)
    {
        var end = hop.Steps is [.., var last] && hop.IsEnded ? last.Begun + last.Took : now;
        string took = (end - hop.Begun).ToString();
        var (text, style) = (hop.Failure, _run?.Obstacle, hop.Status) switch
        {
            ({ } failure, _, _) => ($"✗ {failure}", Theme.Failed),
            (_, { } obstacle, _) when _run?.Hops[^1] == hop => ($"✗ {obstacle}", Theme.Failed),
            (_, _, 0) => (hop.IsEnded ? "stopped" : "…", Theme.Waiting),
            var (_, _, status) => ($"{status} {HttpStatus.Explain(status)}", status < 300 ? Theme.Done : status < 400 ? Theme.Waiting : Theme.Failed),
        };
        int room = canvas.Width - took.Length - 3;
        string asked = EventText.Printable($"{hop.Method} {hop.Url.Sent}");
        int width = Math.Min(TextWidth.Of(asked), room / 2);
        canvas.WriteField(1, 0, width, Alignment.Left, Theme.Title, asked);
        canvas.WriteField(width + 3, 0, Math.Max(0, room - width - 2), Alignment.Left, style, EventText.Printable(text));
        canvas.WriteField(canvas.Width - took.Length - 1, 0, took.Length, Alignment.Right, Theme.Faint, took);
    }

    private static void DrawSent(Canvas canvas, int row, HttpHop hop)
    {
        canvas.Write(1, row, Theme.Done, "▶");
        canvas.WriteField(3, row, 11, Alignment.Left, Theme.Text, "request");
        canvas.WriteField(36, row, Math.Max(0, canvas.Width - 37), Alignment.Left, Theme.Text, $"{FigureText.Count(hop.Sent.Length, "byte")} sent, nothing came yet");
    }

    private static void DrawSteps(Canvas canvas, HttpHop hop, Timestamp now)
    {
        var steps = hop.Steps;
        var phases = Enum.GetValues<HttpPhase>().Where(phase => phase != HttpPhase.Tls || hop.Url.Scheme == "https");
        int row = 0;
        bool isNext = !hop.IsEnded;
        foreach (var phase in phases)
        {
            var step = steps.FirstOrDefault(one => one.Phase == phase);
            // A request is told whole once an answer comes: until then, how far it is.
            if (step is null && isNext && phase == HttpPhase.Request && hop.Sent.Length > 0)
            {
                DrawSent(canvas, row++, hop);
                continue;
            }

            var name = step ?? new HttpStep(phase, now, default, "");
            var (sign, style) = step is null ? isNext ? ("…", Theme.Waiting) : ("·", Theme.Faint) : step.IsFailed ? ("✗", Theme.Failed) : ("✓", Theme.Done);
            isNext &= step is not null;
            canvas.Write(1, row, style, sign);
            canvas.WriteField(3, row, 11, Alignment.Left, step is null ? Theme.Faint : Theme.Text, name.Name);
            if (step is not null)
            {
                canvas.WriteField(15, row, 9, Alignment.Right, Theme.Faint, $"+{step.Begun - hop.Begun}");
                canvas.WriteField(25, row, 9, Alignment.Right, Theme.Title, step.Took.ToString());
                canvas.WriteField(36, row, Math.Max(0, canvas.Width - 37), Alignment.Left, step.IsFailed ? Theme.Failed : Theme.Text, EventText.Printable(step.Detail));
            }

            row++;
        }
    }

    private void DrawMessage(Canvas canvas, int rule, Rectangle area)
    {
        int bytes = canvas.Width >= 110 ? 64 : canvas.Width >= 74 ? 36 : 0;
        int left = bytes == 0 ? area.Width : area.Width - bytes - 1;
        canvas.Horizontal(0, rule, canvas.Width, Theme.Border);
        Caption(canvas, 1, rule, bytes == 0 && _part == Part.Bytes ? _message.Caption : "parts", bytes == 0 || _part == Part.Parts);
        if (bytes == 0 && _part == Part.Bytes)
        {
            var only = canvas.Slice(area);
            Place(Part.Bytes, only);
            _message.DrawBytes(only, isActive: true);
            return;
        }

        var parts = canvas.Slice(area with { Width = left });
        Place(Part.Parts, parts);
        _message.DrawParts(parts, _part == Part.Parts ? Theme.Selection : s_resting);
        if (bytes == 0)
            return;
        canvas.Write(left, rule, Theme.Border, "┬");
        canvas.Vertical(left, area.Y, area.Height, Theme.Border);
        Caption(canvas, left + 2, rule, _message.Caption, _part == Part.Bytes);
        var hex = canvas.Slice(area with { X = left + 2, Width = bytes - 1 });
        Place(Part.Bytes, hex);
        _message.DrawBytes(hex, _part == Part.Bytes);
    }

    private static void Caption(Canvas canvas, int x, int y, string caption, bool isActive) =>
        canvas.Write(x, y, isActive ? Theme.BorderLit.Bold : Theme.Faint, $" {(isActive ? "▸ " : "")}{caption} ");

    // Where it lies, in the pane's own coordinates, for the mouse.
    private void Place(Part part, Canvas canvas) =>
        _placed.Add((part, canvas.OnScreen with { X = canvas.OnScreen.X - _origin.X, Y = canvas.OnScreen.Y - _origin.Y }));
}
