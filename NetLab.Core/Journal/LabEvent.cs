using System.Runtime.InteropServices;
using NetLab.Core.Tcp;

namespace NetLab.Core;

/// <summary>What an event tells of; which member of <see cref="EventDetail"/> is valid.</summary>
public enum EventKind : byte
{
    /// <summary>Nothing; never in a journal.</summary>
    None,

    /// <summary>A TCP socket changed its state: <see cref="StateDetail"/>.</summary>
    State,

    /// <summary>A packet passed: <see cref="PacketDetail"/>; its bytes are the event's data.</summary>
    Packet,

    /// <summary>A system call began or returned: <see cref="SyscallDetail"/>; data, if any, is the text of its arguments (UTF-8).</summary>
    Syscall,

    /// <summary>A program sent or received bytes: <see cref="BytesDetail"/>; the bytes are the event's data.</summary>
    Bytes,

    /// <summary>A step of a script began or ended: <see cref="StepDetail"/>; data is its verb as it begins, then what came of it (UTF-8).</summary>
    Step,

    /// <summary>What a script expects was met or not: <see cref="ExpectationDetail"/>; data is what really happened (UTF-8).</summary>
    Expectation,

    /// <summary>The socket table, as sampled, has a new, changed or gone row: <see cref="SocketDetail"/>.</summary>
    Socket,

    /// <summary>A program's socket has got its name, descriptor or addresses: <see cref="OwnershipDetail"/>. It joins an actor to a connection.</summary>
    Ownership,

    /// <summary>A source lost events: <see cref="DroppedDetail"/>.</summary>
    Dropped,

    /// <summary>A socket that is looked at closely: data is <see cref="NetLab.Core.SocketFigures"/>.</summary>
    SocketFigures,
}

/// <summary>
/// One thing that happened, with its time and the connection it belongs to where that is known. It holds no reference, so that a ring can
/// hold it and nothing is allocated for it. What does not fit (a packet's bytes, a text) is the event's data, kept beside it in the ring.
/// </summary>
public struct LabEvent
{
    /// <summary>When: the kernel's time where it has one.</summary>
    public Timestamp Time;

    /// <summary>What it tells of.</summary>
    public EventKind Kind;

    /// <summary>How it is known.</summary>
    public Provenance Provenance;

    /// <summary>The script's actor that did it, if one did.</summary>
    public NameId Actor;

    /// <summary>The process's name, if known.</summary>
    public NameId Process;

    /// <summary>The process (thread group), or 0.</summary>
    public int ProcessId;

    /// <summary>The thread, or 0.</summary>
    public int ThreadId;

    /// <summary>The socket's address in the kernel, or 0: it tells two ends apart before they have a port, and after they have gone.</summary>
    public ulong Socket;

    /// <summary>The connection, as the end sees it that the event is about; for a packet, from its source to its destination.</summary>
    public FourTuple Tuple;

    /// <summary>What <see cref="Kind"/> tells; only that kind's member means anything.</summary>
    public EventDetail Detail;
}

/// <summary>The kinds' own facts, one upon the other.</summary>
[StructLayout(LayoutKind.Explicit)]
public struct EventDetail
{
    /// <summary>Of <see cref="EventKind.State"/>.</summary>
    [FieldOffset(0)] public StateDetail State;

    /// <summary>Of <see cref="EventKind.Packet"/>.</summary>
    [FieldOffset(0)] public PacketDetail Packet;

    /// <summary>Of <see cref="EventKind.Syscall"/>.</summary>
    [FieldOffset(0)] public SyscallDetail Syscall;

    /// <summary>Of <see cref="EventKind.Bytes"/>.</summary>
    [FieldOffset(0)] public BytesDetail Bytes;

    /// <summary>Of <see cref="EventKind.Step"/>.</summary>
    [FieldOffset(0)] public StepDetail Step;

    /// <summary>Of <see cref="EventKind.Expectation"/>.</summary>
    [FieldOffset(0)] public ExpectationDetail Expectation;

    /// <summary>Of <see cref="EventKind.Socket"/>.</summary>
    [FieldOffset(0)] public SocketDetail Socket;

    /// <summary>Of <see cref="EventKind.Ownership"/>.</summary>
    [FieldOffset(0)] public OwnershipDetail Ownership;

    /// <summary>Of <see cref="EventKind.Dropped"/>.</summary>
    [FieldOffset(0)] public DroppedDetail Dropped;
}

/// <summary>A change of state as the kernel's tracepoint sock:inet_sock_set_state tells it.</summary>
public struct StateDetail
{
    /// <summary>The state that ended.</summary>
    public TcpState From;

    /// <summary>The state that began. FIN_WAIT_2 → CLOSED is also what the kernel says when a time-wait socket takes over.</summary>
    public TcpState To;

    /// <summary>Where in the kernel it happened, by which its cause is found.</summary>
    public ExecutionContext Context;
}

/// <summary>Where in the kernel an event happened (flag bit 0x10 of a trace event).</summary>
public enum ExecutionContext : byte
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>In a system call of the event's thread.</summary>
    Process,

    /// <summary>In a soft interrupt: a packet or a timer caused it, and the thread named is a bystander.</summary>
    SoftInterrupt,
}

/// <summary>A captured packet.</summary>
public struct PacketDetail
{
    /// <summary>Its number in the capture, from 1.</summary>
    public long Number;

    /// <summary>Its length on the wire, in bytes; the data may be shorter.</summary>
    public int OriginalLength;

    /// <summary>The link type (LINKTYPE_ value) by which its first byte is read.</summary>
    public ushort LinkType;
}

/// <summary>A system call.</summary>
public struct SyscallDetail
{
    /// <summary>Which call.</summary>
    public NameId Name;

    /// <summary>Its phase.</summary>
    public SyscallPhase Phase;

    /// <summary>The descriptor it is about, or -1.</summary>
    public int Descriptor;

    /// <summary>What it returned; negative errno on failure, as the kernel has it.</summary>
    public long Result;

    /// <summary>From entry to return.</summary>
    public Duration Duration;

    /// <summary>The arguments as the kernel received them.</summary>
    public SyscallArguments Arguments;
}

/// <summary>Up to six arguments in registers.</summary>
[System.Runtime.CompilerServices.InlineArray(6)]
public struct SyscallArguments
{
    private long _first;
}

/// <summary>Whether a system call has returned.</summary>
public enum SyscallPhase : byte
{
    /// <summary>It began; <see cref="LabEvent.Time"/> is its entry.</summary>
    Entered,

    /// <summary>It returned; <see cref="LabEvent.Time"/> is its return.</summary>
    Returned,
}

/// <summary>Bytes that a program sent or received.</summary>
public struct BytesDetail
{
    /// <summary>Which way.</summary>
    public Direction Direction;

    /// <summary>The descriptor, or -1.</summary>
    public int Descriptor;

    /// <summary>How many bytes; the data may hold fewer.</summary>
    public int Length;
}

/// <summary>Which way bytes went, seen from the program.</summary>
public enum Direction : byte
{
    /// <summary>From the program.</summary>
    Sent,

    /// <summary>To the program.</summary>
    Received,
}

/// <summary>A step of a script.</summary>
public struct StepDetail
{
    /// <summary>The script.</summary>
    public NameId Script;

    /// <summary>The actor's place in the script, from 0.</summary>
    public short ActorIndex;

    /// <summary>The step's place in its actor, from 0.</summary>
    public short StepIndex;

    /// <summary>The line in the script, from 1.</summary>
    public int Line;

    /// <summary>How far it is.</summary>
    public StepStatus Status;

    /// <summary>errno if its call failed, else 0.</summary>
    public int Error;

    /// <summary>What the call returned.</summary>
    public long Result;

    /// <summary>From beginning to end; zero while it runs.</summary>
    public Duration Duration;
}

/// <summary>How far a step is.</summary>
public enum StepStatus : byte
{
    /// <summary>It waits for another actor, or to be let through; the event's data says for what.</summary>
    Waiting,

    /// <summary>Its call is under way.</summary>
    Running,

    /// <summary>It came out as the script expects.</summary>
    Done,

    /// <summary>It came out otherwise.</summary>
    Failed,
}

/// <summary>An expectation of a script.</summary>
public struct ExpectationDetail
{
    /// <summary>The line in the script, from 1.</summary>
    public int Line;

    /// <summary>Its place among the script's expectations, from 0.</summary>
    public int Index;

    /// <summary>What came of it.</summary>
    public Verdict Verdict;
}

/// <summary>What came of an expectation.</summary>
public enum Verdict : byte
{
    /// <summary>It happened.</summary>
    Met,

    /// <summary>Something else happened.</summary>
    NotMet,

    /// <summary>NetLab may not see here what would decide it.</summary>
    Undecided,
}

/// <summary>A row of the socket table.</summary>
public struct SocketDetail
{
    /// <summary>What became of the row.</summary>
    public RowChange Change;

    /// <summary>IPPROTO_TCP (6) or IPPROTO_UDP (17).</summary>
    public byte Protocol;

    /// <summary>The TCP state; a UDP socket is <see cref="TcpState.Established"/> when connected, else <see cref="TcpState.Closed"/>.</summary>
    public TcpState State;

    /// <summary>Which timer runs.</summary>
    public SocketTimer Timer;

    /// <summary>The descriptor in the owner's table, or -1.</summary>
    public int Descriptor;

    /// <summary>The owner's user id.</summary>
    public uint UserId;

    /// <summary>Bytes received and not read; for a listener, connections not accepted.</summary>
    public uint ReceiveQueue;

    /// <summary>Bytes not sent or not acknowledged; for a listener, the backlog.</summary>
    public uint SendQueue;

    /// <summary>Congestion window in segments; 0 where unknown.</summary>
    public uint CongestionWindow;

    /// <summary>Segments retransmitted over the connection's life.</summary>
    public uint Retransmits;

    /// <summary>Smoothed round-trip time in microseconds; 0 where unknown.</summary>
    public uint RoundTripMicroseconds;

    /// <summary>The socket's inode, by which its owner is found; 0 for a time-wait socket.</summary>
    public ulong Inode;

    /// <summary>Until the timer fires.</summary>
    public Duration TimerRemaining;

    /// <summary>Bytes sent, retransmissions not counted; 0 where unknown.</summary>
    public ulong BytesSent;

    /// <summary>Bytes received in order; 0 where unknown.</summary>
    public ulong BytesReceived;
}

/// <summary>What became of a row of the socket table between two samples.</summary>
public enum RowChange : byte
{
    /// <summary>It is new.</summary>
    Appeared,

    /// <summary>Something in it changed.</summary>
    Changed,

    /// <summary>It is gone.</summary>
    Gone,
}

/// <summary>The timer of a socket, as /proc/net/tcp numbers them.</summary>
public enum SocketTimer : byte
{
    /// <summary>None.</summary>
    Off,

    /// <summary>Retransmission.</summary>
    Retransmission,

    /// <summary>Keep-alive (also the SYN-ACK timer of a request).</summary>
    KeepAlive,

    /// <summary>TIME_WAIT.</summary>
    TimeWait,

    /// <summary>Zero-window probe.</summary>
    Probe,
}

/// <summary>Whose socket it is: the event's actor and process, and its four-tuple as far as getsockname and getpeername tell it.</summary>
public struct OwnershipDetail
{
    /// <summary>The name the script gave the socket: "listener", "socket", "connection".</summary>
    public NameId SocketName;

    /// <summary>Its descriptor.</summary>
    public int Descriptor;

    /// <summary>Its inode.</summary>
    public ulong Inode;

    /// <summary>IPPROTO_TCP (6), IPPROTO_UDP (17), or 0 for another.</summary>
    public byte Protocol;
}

/// <summary>A loss.</summary>
public struct DroppedDetail
{
    /// <summary>The source that lost events.</summary>
    public NameId Source;

    /// <summary>How many since the last such event.</summary>
    public long Count;
}
