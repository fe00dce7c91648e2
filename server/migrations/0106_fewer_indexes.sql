-- A member's orders are found by their keys, and notices are listed by their ids: these two were written with every order and read by nobody.
drop index orders_by_member;
drop index notices_by_time;
