using System.Globalization;
using NetLab.Core;
using NetLab.Core.Packets;
using NetLab.Core.Session;
using NetLab.Core.Views;
using NetLab.Tui.App;
using NetLab.Tui.Terminal;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.Panes;

// What the keys and the mouse do on the Packets tab.
public sealed partial class PacketBrowserPane
{
    /// <inheritdoc/>
    public override IReadOnlyList<KeyHelp> Keys => _stream is not null
        ?
        [
            new("↑↓ PgUp PgDn g G", "move"), new("Enter", "to the packet that brought it", "packet"), new("v", "text or hexadecimal", _stream.Form == StreamForm.Text ? "hex" : "text"),
            new("y w", "copy it; save its bytes", "copy, save"), new("Esc", "back to the packets", "back"),
        ]
        :
        [
            new("↑↓ PgUp PgDn g G", "move; F follows the end"), new("Tab", "list, layers, bytes", "parts"), new("Enter", "to the layers; there ←→ and Enter open, close"),
            new("/", "filter: tcp.port == 80 && ip.src == 10.0.0.0/8", "filter"), new("a n N", "all packets, the matches lit; next, previous match"),
            new("=", "filter by the chosen field"), new("f", "follow the stream", "stream"), new("m ] [", "mark; next, previous mark"),
            new(":", "go to a number (120) or a time (0.35)"), new("y w", "copy; save the shown packets"), new("z", "the part alone, and back"),
        ];

    /// <inheritdoc/>
    public override bool Take(KeyEvent key, PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(context);
        var shown = Shown(context);
        if (_stream is { } followed)
            return TakeOnStream(key, followed, shown, context);
        switch (key)
        {
            case { Key: Key.Tab }:
                _part = (Part)(((int)_part + (key.Modifiers.HasFlag(Modifiers.Shift) ? 2 : 1)) % 3);
                return true;
            case { Key: Key.Enter }:
                Enter();
                return true;
        }

        if (file is not null && (key.Is(' ') || key.Is('r')))
        {
            context.Foot.Say("These packets are a file's; on tab 1 an experiment runs.");
            return true;
        }

        return TakeCommand(key, shown, context) || _part switch
        {
            Part.List => TakeOnList(key, shown, context),
            Part.Layers => TakeOnLayers(key),
            _ => TakeOnBytes(key),
        };
    }

    /// <inheritdoc/>
    public override bool Back(PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (_stream is not null)
            EndStream();
        else if (_isZoomed)
            _isZoomed = false;
        else if (_part != Part.List)
            _part = Part.List;
        else if (_shown?.Filter is not null)
            SetFilter(null);
        else
            return false;
        return true;
    }

    /// <inheritdoc/>
    public override void Scroll(int rows, PaneContext context) => Scroll(rows, _part, context);

    /// <inheritdoc/>
    public override void Wheel(int rows, int x, int y, PaneContext context)
    {
        var under = _part;
        foreach (var (part, place) in _placed)
            under = place.Contains(x, y) ? part : under;
        Scroll(rows, under, context);
    }

    private void Scroll(int rows, Part turned, PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (_stream is { } followed)
            followed.Scroll(rows);
        else if (turned == Part.List)
            _list.State.Scroll(rows, Shown(context).Count, _list.Height);
        else if (turned == Part.Layers)
            _detail.Tree.Scroll(rows);
        else
            _top += rows; // clamped as it is drawn
    }

    /// <inheritdoc/>
    public override void Click(int x, int y, PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (_stream is { } followed)
        {
            followed.Click(y);
            return;
        }

        foreach (var (part, place) in _placed)
        {
            if (!place.Contains(x, y))
                continue;
            _part = part;
            if (part == Part.List && _list.State.Top + y - place.Y < Shown(context).Count)
                Choose(_list.State.Top + y - place.Y, Shown(context), context);
            else if (part == Part.Layers && Tree.Click(_detail.Tree, x - place.X, y - place.Y))
                _detail.FollowTree();
            else if (part == Part.Bytes && HexView.ByteAt(x - place.X, _top + y - place.Y, place.Width, _detail.Bytes.Length) is >= 0 and var offset)
                _detail.ChooseByte(offset);
            return;
        }
    }

    // Deeper into what is chosen: from the packet to its layers, from a field to its bytes.
    private void Enter()
    {
        if (_part == Part.List)
            _part = Part.Layers;
        else if (_part == Part.Layers && !_detail.Tree.Toggle())
            _part = Part.Bytes;
    }

    private bool TakeCommand(KeyEvent key, ShownPackets shown, PaneContext context)
    {
        if (key.Is('/'))
            AskFilter(shown.Filter?.Text ?? "", context);
        else if (key.Is('='))
            FilterByField(shown, context);
        else if (key.Is('a'))
            Light(shown, context);
        else if (key.Is('n') || key.Is('N'))
            GoTo(shown.Filter is null ? -1 : shown.Match(_list.PlaceIn(shown), key.Is('n') ? 1 : -1), shown.Filter is null ? "There is no filter whose matches to go to; / sets one." : "There is no further match.", context);
        else if (key.Is('m') && _list.PlaceIn(shown) is >= 0 and var place)
            _list.ToggleMark(place);
        else if (key.Is(']') || key.Is('['))
            GoTo(_list.Mark(_list.PlaceIn(shown), key.Is(']') ? 1 : -1), _list.Marks == 0 ? "No packet is marked; m marks one." : "There is no further mark.", context);
        else if (key.Is(':'))
            context.Foot.Ask(new Prompt("go to", "", text => CheckPlace(text, shown), text => GoTo(PlaceOf(text, shown), "", context)));
        else if (key.Is('f'))
            Follow(shown, context);
        else if (key.Is('y'))
            Copy(shown, context);
        else if (key.Is('w'))
            Save(shown, context);
        else if (key.Is('z'))
            _isZoomed = !_isZoomed;
        else if (key.Is('F'))
            FollowEnd(context);
        else
            return false;
        return true;
    }

    private bool TakeOnList(KeyEvent key, ShownPackets shown, PaneContext context)
    {
        if (key.Key is Key.Left or Key.Right)
        {
            _list.Shift(key.Key == Key.Left ? -8 : 8);
            return true;
        }

        if (Movement.Of(key, _list.Height, shown.Count) is not { } rows)
            return false;
        _wanted = -1;
        // Moving up from a list that follows starts at its last visible row.
        if (_list.State.Selected < 0)
            _list.State.Select(shown.Count - 1, shown.Count);
        _list.State.Move(rows, shown.Count);
        Share(shown, context);
        return true;
    }

    private bool TakeOnLayers(KeyEvent key)
    {
        if (!Movement.Take(_detail.Tree, key))
            return false;
        _detail.FollowTree();
        return true;
    }

    private bool TakeOnBytes(KeyEvent key)
    {
        int perRow = HexView.BytesPerRow(_bytesWidth);
        int? bytes = key.Key == Key.Right || key.Is('l') ? 1 : key.Key == Key.Left || key.Is('h') ? -1
            : Movement.Of(key, _bytesHeight, _detail.Bytes.Length) is { } rows ? rows * perRow : null;
        if (bytes is not { } distance)
            return false;
        _detail.ChooseByte((int)Math.Clamp((long)_detail.Byte + distance, 0, int.MaxValue));
        return true;
    }

    private void Choose(int row, ShownPackets shown, PaneContext context)
    {
        _wanted = -1;
        _list.State.Select(row, shown.Count);
        Share(shown, context);
    }

    // The cursor that all instruments share stands on the chosen packet's moment.
    private void Share(ShownPackets shown, PaneContext context)
    {
        if (file is not null)
        {
            ShareOfFile(shown, context);
            return;
        }

        var row = _list.State.Selected >= 0 ? shown.Log.Row(shown.PlaceAt(_list.State.Selected)) : default;
        context.Cursor.Choose(_list.State.Selected >= 0 ? context.Lab.View.Moments.OfPacket(row.Time, row.Reference) : null, this);
        _seen = context.Cursor.Version;
    }

    // What another pane chose is chosen here, too.
    // The States tab shows the chosen packet's connection at its moment.
    private void ShareOfFile(ShownPackets shown, PaneContext context)
    {
        long place = _list.PlaceIn(shown);
        if (place >= 0 && shown.Log.TryGet(place, out var frame) && PacketHeaders.Parse(frame.LinkType, frame.Bytes, out var headers) && headers.IsTcp)
        {
            context.Cursor.Connection = null;
            context.Cursor.Choose(new Moment(frame.Time) { Tuple = headers.FourTuple, Packets = [FileConnections.ReferenceOf(place)] }, this);
        }
        else
        {
            context.Cursor.Choose(null, this);
        }

        _seen = context.Cursor.Version;
    }

    private void Reveal(ShownPackets shown, PaneContext context)
    {
        if (_seen == context.Cursor.Version)
            return;
        _seen = context.Cursor.Version;
        if (context.Cursor.IsFrom(this))
            return;
        if (file is not null)
        {
            if (context.Cursor.Moment is { } chosen && chosen.Packets.All(packet => FileConnections.PlaceOf(packet) is not null))
                _list.State.Select(shown.RowOf(chosen.Packets.Count > 0 ? FileConnections.PlaceOf(chosen.Packets[0])!.Value : shown.PlaceOf(chosen.Time)), shown.Count);
            return;
        }

        _list.State.Unselect();
        if (context.Cursor.Moment is { Packets: [var first, ..] } moment && shown.PlaceOf(moment.Time, first) is >= 0 and var place)
        {
            int row = shown.RowOf(place);
            if (row < shown.Count && shown.PlaceAt(row) == place)
                _list.State.Select(row, shown.Count);
        }
    }

    private void FollowEnd(PaneContext context)
    {
        _wanted = -1;
        _list.State.Unselect();
        _list.State.Follow();
        if (file is null)
            context.Cursor.Choose(null, this);
        _seen = context.Cursor.Version;
    }

    private void GoTo(long place, string otherwise, PaneContext context)
    {
        var shown = Shown(context);
        if (place < shown.Log.First)
        {
            context.Foot.Fail(otherwise);
            return;
        }

        int row = shown.RowOf(place);
        Choose(row, shown, context);
        if (shown.Count > 0 && shown.PlaceAt(row) != place)
            context.Foot.Say("The filter hides it; this is the next one that it lets through.");
    }

    private static PromptFault? CheckPlace(string text, ShownPackets shown) =>
        text.Length == 0 ? new PromptFault("a number (120) or seconds (0.35)")
        : PlaceOf(text, shown) >= 0 ? null
        : !text.Contains('.', StringComparison.Ordinal) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? new PromptFault(string.Create(CultureInfo.InvariantCulture, $"there are packets {shown.Log.Row(shown.Log.First).Number} to {shown.Log.Row(shown.Log.End - 1).Number}"))
            : new PromptFault("a number (120) or seconds (0.35)", 1);

    private static long PlaceOf(string text, ShownPackets shown)
    {
        if (shown.Log.End == shown.Log.First)
            return -1;
        if (!text.Contains('.', StringComparison.Ordinal))
        {
            long first = shown.Log.Row(shown.Log.First).Number;
            return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number >= first
                && number - first < shown.Log.End - shown.Log.First ? shown.Log.First + number - first : -1;
        }

        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal seconds) && seconds < 1_000_000_000 && shown.Log.Origin is { } origin
            ? shown.PlaceOf(origin + new Duration((long)(seconds * 1_000_000_000))) : -1;
    }
}
