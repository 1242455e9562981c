using System.Runtime.InteropServices;

namespace NetLab.Core.Interop;

/// <summary>epoll(7) as it is: -1 is a failure, and its number waits in <see cref="SocketCalls.LastError"/>.</summary>
internal static unsafe partial class EpollCalls
{
    public const int Add = 1, Delete = 2, Modify = 3;
    public const uint In = 1, Out = 4, Error = 8, HangUp = 0x10, ReadHangUp = 0x2000, EdgeTriggered = 1u << 31, OneShot = 1u << 30;

    // On x64 the kernel's struct has no gap before its data (EPOLL_PACKED in linux/eventpoll.h), elsewhere it has one of four bytes.
    private static readonly bool s_packed = RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>epoll_create1(2), closed on exec.</summary>
    /// <returns>The descriptor, or -1.</returns>
    public static int Create() => epoll_create1(SocketConstants.EPOLL_CLOEXEC);

    /// <summary>epoll_ctl(2).</summary>
    /// <param name="epoll">What <see cref="Create"/> gave.</param>
    /// <param name="operation"><see cref="Add"/>, <see cref="Delete"/> or <see cref="Modify"/>.</param>
    /// <param name="fd">The descriptor it is about.</param>
    /// <param name="wanted">What is asked for; not read where it is deleted.</param>
    /// <returns>0, or -1.</returns>
    public static int Control(int epoll, int operation, int fd, EpollEvent* wanted)
    {
        if (!s_packed || wanted is null)
            return epoll_ctl(epoll, operation, fd, (byte*)wanted);
        var packed = new Packed { Events = wanted->Events, Descriptor = wanted->Descriptor };
        return epoll_ctl(epoll, operation, fd, (byte*)&packed);
    }

    /// <summary>epoll_wait(2).</summary>
    /// <param name="epoll">What <see cref="Create"/> gave.</param>
    /// <param name="events">Room for <paramref name="count"/> events, at least one.</param>
    /// <param name="count">How many are taken at most.</param>
    /// <param name="timeoutMilliseconds">How long it may sleep; -1 for ever.</param>
    /// <returns>How many came, 0 when the time is over, or -1.</returns>
    public static int Wait(int epoll, EpollEvent* events, int count, int timeoutMilliseconds)
    {
        int came = epoll_wait(epoll, (byte*)events, count, timeoutMilliseconds);
        // The kernel's are the shorter: from the last one to the first, none is overwritten before it is read.
        if (s_packed)
        {
            for (int index = came - 1; index >= 0; index--)
            {
                var packed = ((Packed*)events)[index];
                events[index] = new EpollEvent { Events = packed.Events, Descriptor = packed.Descriptor };
            }
        }

        return came;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_ctl(int epoll, int operation, int fd, byte* wanted);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_wait(int epoll, byte* events, int count, int timeoutMilliseconds);

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct Packed
    {
        public uint Events;
        public int Descriptor;
        private readonly int _rest;
    }
}

/// <summary>struct epoll_event with a descriptor as its data, as it is laid out where it is not packed: 16 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct EpollEvent
{
    /// <summary>What is asked for, or what came (<see cref="EpollCalls.In"/> and the others).</summary>
    [FieldOffset(0)]
    public uint Events;

    /// <summary>The data that was given with it: the descriptor.</summary>
    [FieldOffset(8)]
    public int Descriptor;
}
