namespace NetLab.Tests.Support;

/// <summary>What a piece of work allocates.</summary>
public static class Allocation
{
    /// <summary>
    /// The least that the work allocated on this thread in several turns, in bytes. A collection meanwhile, started by any thread, counts the unused
    /// rest of this thread's allocation context too, so one turn alone may tell too much; work that really allocates does so in every turn.
    /// </summary>
    public static long Least(Action work, int turns = 6)
    {
        long least = long.MaxValue;
        for (int turn = 0; turn < turns && least > 0; turn++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
