using System.Text;
using System.Text.Json;
using NetLab.Core;
using NetLab.Core.Interop;
using NetLab.Core.Kernel;
using NetLab.Core.Packets;
using NetLab.Core.Tcp;
using NetLab.Core.Views;
using NetLab.Tui.App;

namespace NetLab.Tui.Commands;

/// <summary>Events as JSON objects under the names that DESIGN fixes; README lists them.</summary>
internal static class EventJson
{
    private static readonly string[] s_flags = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"];

    /// <summary>A change of state.</summary>
    public static string State(StateChange change, NameTable names) =>
        JsonLine.Write(json => WriteState(json, change, change.End.ProcessId, change.End.Process, names));

    /// <summary>The members of a change of state whose process is known otherwise.</summary>
    public static void WriteState(Utf8JsonWriter json, StateChange change, int processId, NameId process, NameTable names)
    {
        var end = change.End;
        json.WriteString("time", change.Time.ToString());
        json.WriteString("kind", "state");
        json.WriteString("provenance", change.Provenance.Name());
        Owner(json, end.Actor, processId, process, names);
        if (!end.SocketName.IsNone)
            json.WriteString("socket", names[end.SocketName]);
        Tuple(json, end.Tuple);
        json.WriteString("from", change.From.Name());
        json.WriteString("to", change.To.Name());
        if (change.Cause.Length > 0)
            json.WriteString("cause", change.Cause);
        if (change.Spent != Duration.Zero)
            json.WriteNumber("duration", change.Spent.Seconds);
    }

    /// <summary>A packet.</summary>
    public static string Packet(in LabEvent entry, PacketLogView packets, in PacketRow row)
    {
        string summary = EventText.Packet(packets, row);
        bool parsed = packets.TryParse(row, out var headers);
        var (sequenceBase, acknowledgmentBase) = (row.SequenceBase, row.AcknowledgmentBase);
        var copy = entry;
        return JsonLine.Write(json =>
        {
            Head(json, copy, "packet");
            json.WriteNumber("number", copy.Detail.Packet.Number);
            json.WriteNumber("length", copy.Detail.Packet.OriginalLength);
            json.WriteString("protocol", headers.IsTcp ? "TCP" : headers.IsUdp ? "UDP" : headers.Transport.ToString());
            if (parsed)
            {
                json.WriteString("source", headers.SourceEndpoint.ToString());
                json.WriteString("destination", headers.DestinationEndpoint.ToString());
            }

            json.WriteString("summary", summary);
            if (!headers.IsTcp)
                return;
            json.WriteStartArray("flags");
            for (int bit = 0; bit < s_flags.Length; bit++)
            {
                if (((int)headers.TcpFlags >> bit & 1) != 0)
                    json.WriteStringValue(s_flags[bit]);
            }

            json.WriteEndArray();
            json.WriteNumber("seq", headers.SequenceNumber - sequenceBase);
            if (headers.TcpFlags.HasFlag(TcpFlags.Ack))
                json.WriteNumber("ack", headers.AcknowledgmentNumber - acknowledgmentBase);
            json.WriteNumber("window", headers.Window);
            json.WriteNumber("payloadLength", headers.PayloadLength);
        });
    }

    /// <summary>A system call that returned.</summary>
    public static string Call(in LabEvent entry, ReadOnlySpan<byte> arguments, NameTable names)
    {
        string text = EventText.Printable(Encoding.UTF8.GetString(arguments));
        var copy = entry;
        return JsonLine.Write(json =>
        {
            ref readonly var call = ref copy.Detail.Syscall;
            Head(json, copy, "syscall");
            Owner(json, copy.Actor, copy.ProcessId, copy.Process, names);
            json.WriteString("name", names[call.Name]);
            json.WriteStartObject("arguments");
            if (call.Descriptor >= 0)
                json.WriteNumber("fd", call.Descriptor);
            if (text.Length > 0)
                json.WriteString("text", text);
            json.WriteEndObject();
            json.WriteNumber("result", call.Result < 0 ? -1 : call.Result);
            if (call.Result < 0)
                json.WriteString("error", ((Errno)(-call.Result)).Name());
            json.WriteNumber("duration", call.Duration.Seconds);
        });
    }

    /// <summary>A system call that the kernel's trace tells of.</summary>
    public static string TracedCall(in LabEvent entry, NameTable names)
    {
        var copy = entry;
        return JsonLine.Write(json =>
        {
            ref readonly var call = ref copy.Detail.Syscall;
            string name = names[call.Name];
            Head(json, copy, "syscall");
            Owner(json, copy.Actor, copy.ProcessId, copy.Process, names);
            json.WriteNumber("tid", copy.ThreadId);
            Tuple(json, copy.Tuple);
            json.WriteString("name", name);
            json.WriteStartObject("arguments");
            foreach (var (argument, value) in SyscallDecoder.Arguments(name, call, copy.Tuple))
                json.WriteString(argument, value);
            json.WriteEndObject();
            json.WriteNumber("result", call.Result < 0 ? -1 : call.Result);
            if (SyscallDecoder.ErrorName(call) is { } error)
                json.WriteString("error", error);
            json.WriteNumber("duration", call.Duration.Seconds);
        });
    }

    /// <summary>Bytes that a program sent or received.</summary>
    public static string Bytes(in LabEvent entry, ReadOnlySpan<byte> data, NameTable names)
    {
        byte[] bytes = data.ToArray();
        var copy = entry;
        return JsonLine.Write(json =>
        {
            Head(json, copy, "bytes");
            Owner(json, copy.Actor, copy.ProcessId, copy.Process, names);
            Tuple(json, copy.Tuple);
            json.WriteString("direction", copy.Detail.Bytes.Direction == Direction.Sent ? "sent" : "received");
            json.WriteNumber("length", copy.Detail.Bytes.Length);
            json.WriteString("text", EventText.Printable(Encoding.UTF8.GetString(bytes)));
            json.WriteBase64String("base64", bytes);
        });
    }

    /// <summary>A step of a script; null for one that only waits.</summary>
    public static string? Step(in LabEvent entry, ReadOnlySpan<byte> data, StepsView steps, NameTable names)
    {
        if (entry.Detail.Step.Status == StepStatus.Waiting)
            return null;
        string detail = EventText.Printable(Encoding.UTF8.GetString(data));
        var copy = entry;
        return JsonLine.Write(json =>
        {
            ref readonly var step = ref copy.Detail.Step;
            Head(json, copy, "step");
            Owner(json, copy.Actor, copy.ProcessId, copy.Process, names);
            json.WriteString("script", names[step.Script]);
            json.WriteNumber("line", step.Line);
            json.WriteString("verb", steps.Actors[step.ActorIndex].Steps[step.StepIndex].Step.Verb.Name);
            json.WriteString("status", step.Status switch { StepStatus.Running => "running", StepStatus.Done => "done", _ => "failed" });
            json.WriteString("detail", step.Status == StepStatus.Running ? "" : detail);
        });
    }

    /// <summary>What came of an expectation.</summary>
    public static string Expectation(in LabEvent entry, ReadOnlySpan<byte> data, StepsView steps)
    {
        string actual = EventText.Printable(Encoding.UTF8.GetString(data));
        var copy = entry;
        return JsonLine.Write(json =>
        {
            ref readonly var expectation = ref copy.Detail.Expectation;
            Head(json, copy, "expectation");
            json.WriteNumber("line", expectation.Line);
            if (steps.Script is { } script && expectation.Index < script.Expectations.Length)
                json.WriteString("text", script.Expectations[expectation.Index].Source);
            if (expectation.Verdict == Verdict.Undecided)
                json.WriteNull("met");
            else
                json.WriteBoolean("met", expectation.Verdict == Verdict.Met);
            json.WriteString("actual", actual);
        });
    }

    /// <summary>A loss.</summary>
    public static string Dropped(in LabEvent entry, NameTable names)
    {
        var copy = entry;
        return JsonLine.Write(json =>
        {
            Head(json, copy, "dropped");
            json.WriteString("source", names[copy.Detail.Dropped.Source]);
            json.WriteNumber("count", copy.Detail.Dropped.Count);
        });
    }

    /// <summary>The members of a loss that no event tells of.</summary>
    public static void WriteDropped(Utf8JsonWriter json, Timestamp time, string source, long count)
    {
        json.WriteString("time", time.ToString());
        json.WriteString("kind", "dropped");
        json.WriteString("provenance", Provenance.Observed.Name());
        json.WriteString("source", source);
        json.WriteNumber("count", count);
    }

    private static void Head(Utf8JsonWriter json, in LabEvent entry, string kind)
    {
        json.WriteString("time", entry.Time.ToString());
        json.WriteString("kind", kind);
        json.WriteString("provenance", entry.Provenance.Name());
    }

    private static void Owner(Utf8JsonWriter json, NameId actor, int processId, NameId process, NameTable names)
    {
        if (!actor.IsNone)
            json.WriteString("actor", names[actor]);
        if (processId == 0)
            return;
        json.WriteNumber("pid", processId);
        json.WriteString("process", EventText.Printable(names[process]));
    }

    private static void Tuple(Utf8JsonWriter json, FourTuple tuple)
    {
        if (!tuple.Local.IsUnknown)
            json.WriteString("local", tuple.Local.ToString());
        if (!tuple.Remote.IsUnknown)
            json.WriteString("remote", tuple.Remote.ToString());
    }
}
