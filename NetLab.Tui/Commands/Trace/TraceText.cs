using NetLab.Core;
using NetLab.Core.Kernel;
using NetLab.Core.Session;
using NetLab.Core.Views;
using NetLab.Tui.App;

namespace NetLab.Tui.Commands;

/// <summary>A trace for people: seconds since its first line, thread and process, then the call as strace writes it, ● and the change of state, or the packet as tcpdump writes it.</summary>
internal sealed class TraceText(ProgramTrace trace, Paint paint) : ITraceLines
{
    private const int LongestName = 15; // TASK_COMM_LEN
    private static readonly Duration s_asleep = Duration.FromMilliseconds(1);
    private Timestamp? _start;
    private int _nameWidth = 4;

    public CallPlace Place => CallPlace.Beginning;

    private NameTable Names => trace.Journal.Names;

    public string Call(in LabEvent returned, Timestamp began) => Line(began, returned, Text(returned));

    public string Entered(in LabEvent entered) =>
        Line(entered.Time, entered, $"{SyscallDecoder.Format(Names[entered.Detail.Syscall.Name], entered.Detail.Syscall, entered.Tuple)} {paint.Faint("…")}");

    public string Resumed(in LabEvent returned) => Line(returned.Time, returned, $"{paint.Faint("…")} {Text(returned)}");

    public string State(StateChange change) =>
        Line(change.Time, change.End.ProcessId, change.End.Process, paint.Now($"● {Who(change.End.Tuple)}  {EventText.State(change)}"));

    public string Packet(in PacketRow row) => Line(row.Time, 0, default, paint.Faint(EventText.Packet(trace.Packets, row)));

    public string Dropped(in LabEvent entry) =>
        Line(entry.Time, 0, default, paint.Failed($"✗ {entry.Detail.Dropped.Count} events of {Names[entry.Detail.Dropped.Source]} were lost"));

    public string Missed(Timestamp time, long count) => paint.Failed($"✗ {count} events came faster than they could be printed");

    public string End(Timestamp time, int processId, string program, int code) =>
        Line(time, processId, trace.Journal.Names.Intern(System.IO.Path.GetFileName(program)), code > 128 ? paint.Failed($"ended by signal {code - 128}") : $"exited with {code}");

    private string Text(in LabEvent returned)
    {
        ref readonly var call = ref returned.Detail.Syscall;
        string text = EventText.Printable(SyscallDecoder.Format(Names[call.Name], call, returned.Tuple));
        string slept = call.Duration >= s_asleep ? paint.Faint($"  after {call.Duration}") : "";
        return (call.Result < 0 ? paint.Failed(text) : text) + slept;
    }

    private static string Who(FourTuple tuple) => tuple.Remote.IsUnknown || tuple.Remote.Port == 0 ? $"{tuple.Local}"
        : tuple.Local.Port == 0 ? $"→ {tuple.Remote}" : $"{tuple.Local} → {tuple.Remote}";

    private string Line(Timestamp time, in LabEvent entry, string text) => Line(time, entry.ThreadId, entry.Process, text);

    private string Line(Timestamp time, int thread, NameId process, string text)
    {
        _start ??= time;
        string name = EventText.Printable(Names[process]);
        _nameWidth = Math.Max(_nameWidth, Math.Min(name.Length, LongestName));
        return $"{(time - _start.Value).Seconds,11:0.000000} {(thread == 0 ? "" : $"{thread}"),7} {name.PadRight(_nameWidth)}  {text}";
    }
}
