using System.Text;
using NetLab.Core.Packets;
using NetLab.Core.Session;
using NetLab.Core.Views;
using NetLab.Tui.App;
using NetLab.Tui.Terminal;

namespace NetLab.Tui.Panes;

// Filter, stream, copy, save.
public sealed partial class PacketBrowserPane
{
    // What a frame may spend on a stream whose packets lie among others.
    private const int PacketsAFrame = 8_192;

    private long _wanted = -1;
    private StreamPart? _stream;
    private PacketSelection? _streamPackets;
    private FileSelection? _streamRunning;
    private PacketSave? _save;

    private bool IsStreamAtWork => _streamRunning is { } running ? !running.IsDone : _streamPackets is { } packets && packets.Examined < (_shown?.Log.End ?? 0);

    private void AskFilter(string text, PaneContext context) => context.Foot.Ask(new Prompt("filter", text,
        typed => DisplayFilter.TryCompile(typed, out _, out var error) ? null : new PromptFault(error.Message, error.Column),
        typed => SetFilter(string.IsNullOrWhiteSpace(typed) || !DisplayFilter.TryCompile(typed.Trim(), out var filter, out _) ? null : filter)));

    private void SetFilter(DisplayFilter? filter)
    {
        if (_shown is not { } shown)
            return;
        long place = _list.State.Selected >= 0 ? _list.PlaceIn(shown) : _wanted;
        shown.Set(filter);
        _list.Refill(shown, place);
        // What one looked at is chosen again when the filter has come so far.
        _wanted = filter is null ? -1 : place;
    }

    private void ChooseWanted(ShownPackets shown)
    {
        if (_wanted < 0)
            return;
        // Asked first: the filter goes on in a thread of its own, and may find the packet after its rows were looked at.
        bool isComplete = shown.Progress >= 1;
        if (shown.Count > 0)
            _list.State.Select(shown.RowOf(_wanted), shown.Count);
        if (isComplete)
            _wanted = -1;
    }

    // What is chosen in the layers, joined to the filter that is there.
    private void FilterByField(ShownPackets shown, PaneContext context)
    {
        if (_detail.Filter() is not { } field)
            return;
        AskFilter(shown.Filter is { } filter ? $"({filter.Text}) && {field}" : field, context);
    }

    private void Light(ShownPackets shown, PaneContext context)
    {
        if (shown.Filter is null)
        {
            context.Foot.Fail("There is no filter whose matches to light; / sets one.");
            return;
        }

        long place = _list.PlaceIn(shown);
        shown.Use = shown.Use == FilterUse.Hide ? FilterUse.Light : FilterUse.Hide;
        _list.Refill(shown, place);
    }

    private void Follow(ShownPackets shown, PaneContext context)
    {
        long place = _list.PlaceIn(shown);
        if (place < 0 || !shown.Log.TryGet(place, out var frame) || !PacketHeaders.Parse(frame.LinkType, frame.Bytes, out var headers))
        {
            context.Foot.Fail("This packet belongs to no stream; follow one of TCP or UDP.");
            return;
        }

        var stream = new FollowedStream(headers);
        _streamRunning = file?.Select(stream.Take);
        _streamPackets = _streamRunning?.Selection ?? new PacketSelection(shown.Log, stream.Take);
        _stream = new StreamPart(stream);
    }

    private void AdvanceStream()
    {
        if (_streamRunning is null)
            _streamPackets?.Advance(PacketsAFrame);
    }

    private void EndStream()
    {
        _streamRunning?.Dispose();
        (_stream, _streamPackets, _streamRunning) = (null, null, null);
    }

    private string StreamNote(FollowedStream stream)
    {
        lock (stream.Gate)
        {
            var (first, second, left) = stream.Total;
            var note = new StringBuilder().Append(System.Globalization.CultureInfo.InvariantCulture, $"▶ {first} ◀ {second} bytes");
            if (stream.Missing > 0)
                note.Append(System.Globalization.CultureInfo.InvariantCulture, $", ✗ {stream.Missing} not captured");
            if (left > 0)
                note.Append(System.Globalization.CultureInfo.InvariantCulture, $", {left} more than are kept");
            if (_streamRunning is { IsDone: false } && _shown is { Log.End: > 0 } shown)
                note.Append(System.Globalization.CultureInfo.InvariantCulture, $", {100.0 * _streamRunning.Selection.Examined / shown.Log.End:0} %");
            return note.ToString();
        }
    }

    private bool TakeOnStream(KeyEvent key, StreamPart followed, ShownPackets shown, PaneContext context)
    {
        if (key.Key == Key.Enter && followed.Place() is >= 0 and var place)
        {
            EndStream();
            GoTo(place, "Its packet was dropped from the journal.", context);
        }
        else if (key.Is('y'))
        {
            context.Foot.Copy(followed.Text(), "the stream");
        }
        else if (key.Is('w'))
        {
            context.Foot.AskFile("save the stream's bytes", "stream.bin", [], (output, _) => followed.Write(output));
        }
        else
        {
            return followed.Take(key);
        }

        return true;
    }

    private void Copy(ShownPackets shown, PaneContext context)
    {
        if (_part != Part.List && _detail.HasPacket && _detail.Tree.Chosen >= 0)
        {
            if (_part == Part.Layers)
                context.Foot.Copy(_detail.Line(), "the field");
            else
                context.Foot.Copy(_detail.Hex(), "the bytes");
            return;
        }

        long place = _list.PlaceIn(shown);
        if (place < 0)
            return;
        var line = new Utf8Line(new byte[2048]);
        shown.Log.WriteLine(place, ref line);
        var row = shown.Log.Row(place);
        context.Foot.Copy($"{row.Number} {(row.Time - (shown.Log.Origin ?? row.Time)).Seconds:0.000000} {Encoding.UTF8.GetString(line.Written)}", "the packet");
    }

    private void Save(ShownPackets shown, PaneContext context)
    {
        string label = shown.Filter is null ? "save packets" : "save the shown packets";
        string[] endings = [".pcapng", ".pcap"];
        var (count, placeAt) = shown.Places();
        if (file is null)
            context.Foot.AskFile(label, "packets.pcapng", endings, (output, path) => PacketSave.Write(shown.Log, count, placeAt, output, path, _ => true));
        else if (_save is not null)
            context.Foot.Fail("Packets are being saved; wait until that is done.");
        else
            context.Foot.Ask(new Prompt(label, "packets.pcapng", path => SaveFile.Check(path, endings), path => _save = new PacketSave(file.OpenReader(), count, placeAt, path)));
    }

    private void EndSave(PaneContext context)
    {
        if (_save is not { IsDone: true } save)
            return;
        save.Dispose();
        save.Tell(context.Foot);
        _save = null;
    }
}
