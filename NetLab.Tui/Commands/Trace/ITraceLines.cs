using NetLab.Core;
using NetLab.Core.Views;

namespace NetLab.Tui.Commands;

/// <summary>Where on the line of time a call stands.</summary>
internal enum CallPlace
{
    /// <summary>Where it began: before what it causes.</summary>
    Beginning,

    /// <summary>Where it returned.</summary>
    Return,
}

/// <summary>The lines of a trace in one form; null where that form has none.</summary>
internal interface ITraceLines
{
    /// <summary>Where a call stands.</summary>
    CallPlace Place { get; }

    /// <summary>A call with what it returned.</summary>
    /// <param name="returned">The event of its return.</param>
    /// <param name="began">When it began.</param>
    string? Call(in LabEvent returned, Timestamp began);

    /// <summary>A call that sleeps.</summary>
    string? Entered(in LabEvent entered);

    /// <summary>Its return.</summary>
    string? Resumed(in LabEvent returned);

    /// <summary>A change of state.</summary>
    string? State(StateChange change);

    /// <summary>A packet.</summary>
    string? Packet(in PacketRow row);

    /// <summary>A loss that a source tells of.</summary>
    string? Dropped(in LabEvent entry);

    /// <summary>Events that came faster than they could be printed.</summary>
    string Missed(Timestamp time, long count);

    /// <summary>The program's end.</summary>
    string? End(Timestamp time, int processId, string program, int code);
}
