using NetLab.Core.Packets;
using NetLab.Core.Session;
using NetLab.Core.Views;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.Panes;

/// <summary>
/// The Packets tab: the list above, below it the chosen packet's layers and its bytes, with one cursor through all three. It shows the journal's
/// packets, or those of a file.
/// </summary>
/// <param name="file">The file; null for the journal's packets. It is its opener's.</param>
public sealed partial class PacketBrowserPane(CaptureFileLog? file) : Pane, IDisposable
{
    private enum Part
    {
        List,
        Layers,
        Bytes,
    }

    // The chosen row of a part that the keys do not act on.
    private static readonly Style s_resting = new(default, Color.Rgb(0x26, 0x2D, 0x36));

    private readonly PacketListPart _list = new();
    private readonly ChosenPacket _detail = new();
    private readonly List<(Part Part, Rectangle Place)> _placed = [];
    private ShownPackets? _shown;
    private Part _part;
    private bool _isZoomed;
    private bool _isBegun;
    private bool _wasAtWork;
    private int _seen = -1;
    private int _top;
    private int _seenByte = -1;
    private int _bytesWidth = 1;
    private int _bytesHeight = 1;
    private Rectangle _origin;

    /// <inheritdoc/>
    public override string Title
    {
        get
        {
            if (_stream is { } followed)
                return $"{(followed.Stream.IsTcp ? "tcp" : "udp")} stream {followed.Stream.Ends.Local} ⇄ {followed.Stream.Ends.Remote}";
            string name = file is null ? "packets lo" : EventText.Printable(file.Name);
            return _shown?.Filter is { } filter ? $"{name} ▸ {EventText.Printable(filter.Text)}" : name;
        }
    }

    /// <inheritdoc/>
    public override bool IsOfRun => file is null;

    /// <inheritdoc/>
    public override bool IsBusy => _wasAtWork || IsAtWork;

    // The index of a file, a filter or a stream is on its way. What ended while a frame was drawn is drawn once more.
    private bool IsAtWork => file is { IsIndexed: false } || (_shown?.IsAtWork ?? false) || IsStreamAtWork || _save is not null;

    /// <inheritdoc/>
    public override string Note(PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var shown = Shown(context);
        _wasAtWork = IsAtWork;
        if (_stream is { } followed)
            return StreamNote(followed.Stream);
        long all = shown.Log.End - shown.Log.First;
        string count = shown.Filter is null ? $"{all}" : $"{shown.Matches} of {all}";
        if (file is not null)
            return file.IsIndexed ? count : $"{count} so far";
        // What has only become too old is not lost: it was shown.
        if (all == PacketLogView.Bound)
            count = $"newest {count}";
        long lost = context.Lab.Instruments.LostPackets + context.Lab.View.Missed;
        return lost == 0 ? count : $"{count}, {lost} lost";
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        if (file is not null)
            return;
        _list.Reset();
        EndStream();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        EndStream();
        _save?.Dispose();
        _shown?.Dispose();
    }

    /// <inheritdoc/>
    public override void Draw(Canvas canvas, PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var shown = Shown(context);
        shown.Advance();
        EndSave(context);
        _placed.Clear();
        _origin = canvas.OnScreen;
        if (_stream is { } followed)
        {
            AdvanceStream();
            followed.Draw(canvas);
            return;
        }

        if (shown.Log.End == shown.Log.First)
        {
            DrawNothing(canvas, context);
            return;
        }

        Begin(shown);
        int height = _isZoomed ? canvas.Height : Math.Clamp(canvas.Height * 2 / 5, 4, 24);
        _list.Fit(shown, height);
        ChooseWanted(shown);
        Reveal(shown, context);
        if (!_isZoomed || _part == Part.List)
            DrawList(canvas.Slice(canvas.Bounds with { Height = height }), shown, context);
        _detail.Show(shown.Log, _list.PlaceIn(shown));
        if (_isZoomed && _part != Part.List)
            Place(canvas, _part, canvas.Bounds);
        else if (!_isZoomed)
            DrawDetail(canvas, height, shown);
    }

    private ShownPackets Shown(PaneContext context) => _shown ??= new ShownPackets(file is null ? context.Lab.View.Packets : file);

    // A file is read from its beginning, what is captured from its end.
    private void Begin(ShownPackets shown)
    {
        if (_isBegun || file is null)
            return;
        _list.State.Select(0, shown.Count);
        _isBegun = shown.Count > 1 || file.IsIndexed;
    }

    private void DrawNothing(Canvas canvas, PaneContext context)
    {
        if (file is not null)
            canvas.Write(1, 0, Theme.Faint, file.IsIndexed ? file.Trouble is { } trouble ? EventText.Printable(trouble) : "The file holds no packet." : "Reading …");
        else if (context.Lab.Instruments.PacketObstacle is { } obstacle)
            ObstacleNotice.Draw(canvas, obstacle);
        else
            canvas.Write(1, 0, Theme.Faint, "No packet yet.");
    }

    private void DrawList(Canvas canvas, ShownPackets shown, PaneContext context)
    {
        Remember(Part.List, canvas);
        if (shown.Count == 0)
            canvas.Write(1, 0, Theme.Faint, shown.Progress < 1 ? "No packet matches so far." : "No packet matches; / changes the filter, Esc takes it away.");
        else
            _list.Draw(canvas, shown, context.Cursor.IsFrom(this) ? null : context.Cursor.Moment, _part == Part.List ? Theme.Selection : s_resting);
    }

    // Layers left, bytes right where both fit; else the one that the keys act on, and the layers while that is the list.
    private void DrawDetail(Canvas canvas, int top, ShownPackets shown)
    {
        var rule = canvas.Slice(new Rectangle(0, top, canvas.Width, 1));
        rule.Horizontal(0, 0, rule.Width, Theme.Border);
        var area = new Rectangle(0, top + 1, canvas.Width, canvas.Height - top - 1);
        int bytes = canvas.Width >= 112 ? 64 : canvas.Width >= 74 ? 36 : 0;
        if (bytes == 0)
        {
            var part = _part == Part.Bytes ? Part.Bytes : Part.Layers;
            Head(rule, 1, part);
            Place(canvas, part, area);
        }
        else
        {
            int left = area.Width - bytes - 1;
            Head(rule, 1, Part.Layers);
            Head(rule, left + 2, Part.Bytes);
            rule.Write(left, 0, Theme.Border, "┬");
            canvas.Vertical(left, area.Y, area.Height, Theme.Border);
            Place(canvas, Part.Layers, area with { Width = left });
            Place(canvas, Part.Bytes, area with { X = left + 2, Width = bytes - 1 });
        }

        DrawProgress(rule, shown);
    }

    private void Head(Canvas rule, int x, Part part)
    {
        bool isActive = part == _part;
        string range = part == Part.Bytes && _detail.FieldRange is { Length: > 0 } field
            ? $" {field.Start}–{field.Start + field.Length - 1} of {_detail.Bytes.Length}" : part == Part.Bytes ? $" {_detail.Bytes.Length}" : "";
        int end = rule.Write(x, 0, isActive ? Theme.BorderLit.Bold : Theme.Faint, $" {(isActive ? "▸ " : "")}{(part == Part.Bytes ? "bytes" : "layers")}");
        rule.Write(rule.Write(end, 0, Theme.Faint, range), 0, Theme.Faint, " ");
    }

    // What goes on behind, and what is wrong with the file.
    private void DrawProgress(Canvas rule, ShownPackets shown)
    {
        if (_save is { } save)
            DrawGauge(rule, "saving", save.Progress);
        else if (file is { IsIndexed: false })
            DrawGauge(rule, "indexing", file.Progress);
        else if (shown.Filter is not null && shown.Progress < 1)
            DrawGauge(rule, "filtering", shown.Progress);
        else if (file?.Trouble is { } trouble)
            rule.WriteField(rule.Width / 2, 0, rule.Width - rule.Width / 2, Alignment.Right, Theme.Failed, $" ✗ {EventText.Printable(trouble)}");
    }

    private static void DrawGauge(Canvas rule, string what, double fraction)
    {
        const int Columns = 12;
        int x = rule.Width - Columns - what.Length - 9;
        x = rule.Write(x, 0, Theme.Faint, $" {what} ");
        Gauge.Draw(rule.Slice(new Rectangle(x, 0, Columns, 1)), Theme.Now, Theme.Border, fraction);
        rule.Write(x + Columns, 0, Theme.Faint, $"{100 * fraction,4:0} % ");
    }

    private void Place(Canvas canvas, Part part, Rectangle place)
    {
        var inside = canvas.Slice(place);
        Remember(part, inside);
        if (!_detail.HasPacket)
            inside.Write(1, 0, Theme.Faint, _detail.Place < 0 ? "" : "Its bytes were dropped from the journal.");
        else if (part == Part.Layers)
            Tree.Draw(inside, _detail.Tree, DrawLabel, Theme.Faint, _part == Part.Layers ? Theme.Selection : s_resting);
        else
            DrawBytes(inside);
    }

    // Where it lies, in the pane's own coordinates, for the mouse.
    private void Remember(Part part, Canvas canvas) =>
        _placed.Add((part, canvas.OnScreen with { X = canvas.OnScreen.X - _origin.X, Y = canvas.OnScreen.Y - _origin.Y }));

    private void DrawLabel(int node, Canvas canvas)
    {
        Span<byte> buffer = stackalloc byte[512];
        var line = new Utf8Line(buffer);
        _detail.WriteLabel(node, ref line);
        var (isLayer, isWrong) = _detail.Kind(node);
        canvas.Write(0, 0, isWrong ? Theme.Failed : isLayer ? Theme.Title : Theme.Text, line.Written);
    }

    // The chosen field lies on its layer, and that on the packet.
    private void DrawBytes(Canvas canvas)
    {
        (_bytesWidth, _bytesHeight) = (canvas.Width, Math.Max(1, canvas.Height));
        if (_seenByte != _detail.Version)
            _top = HexView.Reveal(_top, _detail.Byte, canvas.Width, canvas.Height);
        _seenByte = _detail.Version;
        _top = Math.Clamp(_top, 0, Math.Max(0, HexView.Rows(_detail.Bytes.Length, canvas.Width) - canvas.Height));
        var (layer, field) = (_detail.LayerRange, _detail.FieldRange);
        HexView.Draw(canvas, _detail.Bytes, _top, Theme.Faint, Theme.Faint, Theme.Faint,
            [new HexRange(layer.Start, layer.Length, Theme.Title), new HexRange(field.Start, field.Length, Theme.TabLit)], _part == Part.Bytes ? _detail.Byte : -1);
    }
}
