using System.Text;
using NetLab.Core;
using NetLab.Core.Packets;
using NetLab.Core.Views;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.Panes;

/// <summary>Lines of the timeline as a ladder shows them, and as the sentences of a detail.</summary>
/// <param name="context">The views.</param>
internal sealed class TimelineRows(PaneContext context)
{
    private byte[] _buffer = new byte[4096];

    private RowRing<TimelineRow> Rows => context.Lab.View.Timeline.Rows;

    /// <summary>A line as the ladder shows it.</summary>
    /// <param name="line">Which.</param>
    /// <param name="moment">What was selected elsewhere.</param>
    public LadderRow Row(in TimelineLine line, Moment? moment)
    {
        if (line.IsGap)
            return new LadderRow("") { Gap = line.Gap == Duration.Zero ? "" : line.Gap.ToString() };
        var (leftText, leftTail, leftNote, leftStyle) = Call(line.Left);
        var (rightText, rightTail, rightNote, rightStyle) = Call(line.Right);
        bool failed = leftStyle == Theme.Failed || rightStyle == Theme.Failed;
        var row = new LadderRow($"{(line.Time - (context.Lab.Run?.Started ?? Rows[0].Time)).Seconds:0.000000}")
        {
            LeftText = leftText,
            LeftTail = leftTail,
            LeftNote = leftNote,
            LeftState = State(line.Left.State),
            RightText = rightText,
            RightTail = rightTail,
            RightNote = rightNote,
            RightState = State(line.Right.State),
            TextStyle = failed ? Theme.Failed : Theme.Text,
            TailStyle = failed ? Theme.Failed : Theme.Faint,
            StateStyle = Theme.Now,
            IsLinked = moment is not null && line.Places.Any(place => place >= 0 && moment.Holds(Rows[place])),
        };
        return line.Packet < 0 ? row : row with
        {
            Arrow = line.FromLeft ? LadderArrow.Right : LadderArrow.Left,
            Label = Label(Rows[line.Packet]),
            ArrowStyle = Theme.Actor(line.FromLeft ? 0 : 1),
        };
    }

    /// <summary>Everything that a line tells, in whole sentences.</summary>
    public IEnumerable<string> Sentences(TimelineLine line)
    {
        foreach (int place in line.Places.Where(place => place >= 0).Distinct().OrderBy(place => Rows[place].Began))
        {
            string time = $"{(Rows[place].Began - (context.Lab.Run?.Started ?? Rows[0].Time)).Seconds:0.000000}";
            yield return $"{time}  {Sentence(Rows[place])}";
        }
    }

    private string Sentence(in TimelineRow row)
    {
        switch (row.Kind)
        {
            case TimelineKind.Packet:
                return TryPacket(row, out var packet) ? EventText.Packet(context.Lab.View.Packets, packet) : "(dropped from the journal)";
            case TimelineKind.State:
                return $"{Name(row.Change!.End.Actor)} {EventText.State(row.Change!)}";
            default:
                var (text, tail, note, _) = Call(row, isOpen: false);
                return $"{Name(row.Actor)} {text} {tail}  {note}";
        }
    }

    private string Name(NameId actor) => actor.IsNone ? "peer" : context.Names[actor];

    private (string Text, string Tail, string Note, Style Style) Call(TimelineHalf half)
    {
        if (half.Return >= 0)
            return Call(Rows[half.Return], isOpen: false) is var (_, tail, note, style) ? ("", $"… {tail}", note, style) : default;
        return half.Call >= 0 ? Call(Rows[half.Call], half.IsOpen) : ("", "", "", Theme.Text);
    }

    private (string Text, string Tail, string Note, Style Style) Call(in TimelineRow row, bool isOpen)
    {
        if (!context.Lab.Journal.TryGet(row.Reference, ref _buffer, out var entry, out var data))
            return ("(dropped)", "", "", Theme.Faint);
        if (row.Kind == TimelineKind.Failure)
            return ("✗ " + EventText.Printable(Encoding.UTF8.GetString(data)), "", "", Theme.Failed);
        string text = EventText.Call(entry, data, context.Names);
        int cut = text.LastIndexOf(") = ", StringComparison.Ordinal);
        if (cut < 0 || isOpen)
            return (cut < 0 ? text : text[..(cut + 1)], isOpen ? "…" : "", "", Theme.Text);
        string tail = text[(cut + 2)..];
        int after = tail.LastIndexOf("  ", StringComparison.Ordinal);
        return after < 0 ? (text[..(cut + 1)], tail, "", Theme.Text) : (text[..(cut + 1)], tail[..after], tail[(after + 2)..], Theme.Text);
    }

    private string State(int place) => place < 0 ? "" : StatesPane.StateText(Rows[place].Change!);

    private string Label(in TimelineRow row)
    {
        if (!TryPacket(row, out var packet))
            return "";
        Span<byte> buffer = stackalloc byte[256];
        var line = new Utf8Line(buffer);
        context.Lab.View.Packets.WriteShort(packet, ref line);
        string text = Encoding.UTF8.GetString(line.Written);
        // The short line begins with the ports, which the lifelines already tell.
        int flags = text.IndexOf('[', StringComparison.Ordinal);
        return (flags > 0 ? text[flags..] : text).Replace("]  ", "] ", StringComparison.Ordinal);
    }

    private bool TryPacket(in TimelineRow row, out PacketRow packet)
    {
        var log = context.Lab.View.Packets;
        long place = row.PacketPlace - log.Rows.First;
        packet = place >= 0 && place < log.Rows.Count ? log.Rows[(int)place] : default;
        return packet.Number != 0 || place >= 0 && place < log.Rows.Count;
    }
}
