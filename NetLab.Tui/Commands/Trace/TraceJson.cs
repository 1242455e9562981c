using NetLab.Core;
using NetLab.Core.Session;
using NetLab.Core.Views;

namespace NetLab.Tui.Commands;

/// <summary>A trace as JSON, one object a line. A call's object comes when it has returned, and its time is that of the return.</summary>
internal sealed class TraceJson(ProgramTrace trace) : ITraceLines
{
    public CallPlace Place => CallPlace.Return;

    public string Call(in LabEvent returned, Timestamp began) => Resumed(returned);

    public string? Entered(in LabEvent entered) => null;

    public string Resumed(in LabEvent returned) => EventJson.TracedCall(returned, trace.Journal.Names);

    public string State(StateChange change) => EventJson.State(change, trace.Journal.Names);

    public string Packet(in PacketRow row)
    {
        trace.Packets.TryGet(row, out var frame);
        var entry = new LabEvent { Kind = EventKind.Packet, Time = row.Time, Provenance = Provenance.Observed };
        (entry.Detail.Packet.Number, entry.Detail.Packet.OriginalLength) = (row.Number, frame.WireLength);
        return EventJson.Packet(entry, trace.Packets, row);
    }

    public string Dropped(in LabEvent entry) => EventJson.Dropped(entry, trace.Journal.Names);

    public string Missed(Timestamp time, long count) => JsonLine.Write(json => EventJson.WriteDropped(json, time, "journal", count));

    public string? End(Timestamp time, int processId, string program, int code) => null;
}
